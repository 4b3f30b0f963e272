/** Load at a steady rate, from processes of their own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Sending, Sent } from './open-loop-sender.ts';

const SENDER = fileURLToPath(new URL('./open-loop-sender.ts', import.meta.url));

/** A process that sends when it is told to. */
export class OpenLoop {
  readonly #child: ChildProcess = fork(SENDER, { execArgv: [], stdio: 'inherit' });

  async send(sending: Sending): Promise<Sent> {
    this.#child.send(sending);
    const [sent] = await once(this.#child, 'message');
    return sent as Sent;
  }

  stop(): void {
    this.#child.kill();
  }
}

/** The value that so many of a hundred do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}
