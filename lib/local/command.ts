import { once } from 'node:events';
import type { EmbeddedStackOptions } from './embedded-stack.ts';
import { parseCommand } from './options.ts';
import { readyLine, readyText } from './ready-text.ts';
import { startEmbeddedStack } from './start.ts';
import { StartupError } from './startup-error.ts';

/** A stop that hangs must not leave the caller waiting: children are killed when this process exits. */
const STOP_TIMEOUT_MS = 9_000;

async function runUntil(
  stop: AbortSignal,
  args: readonly string[],
  extras: Partial<EmbeddedStackOptions>,
): Promise<void> {
  const { json, seed: seedKind, ...options } = parseCommand(args);
  const stack = await startEmbeddedStack({ ...options, ...extras, seedKind, signal: stop });
  process.stdout.write(`${json ? readyLine(stack) : readyText(stack)}\n`);
  if (!stop.aborted) await once(stop, 'abort');
  await stack.stop();
}

/**
 * Runs the stack until SIGINT or SIGTERM, whenever that comes, and ends the process: code 0 after a signal, 1
 * with one line on stderr when the stack cannot start.
 */
export async function runCommand(
  args: readonly string[],
  extras: Partial<EmbeddedStackOptions> = {},
): Promise<never> {
  const stop = new AbortController();
  const requestStop = (): void => {
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    stop.abort();
  };
  // npm passes a signal on that its group has had too; the second must not break off what the first began.
  process.on('SIGINT', requestStop);
  process.on('SIGTERM', requestStop);
  try {
    await runUntil(stop.signal, args, extras);
  } catch (cause) {
    if (stop.signal.aborted) process.exit(0);
    const text = cause instanceof StartupError ? cause.message : (cause as Error).stack;
    process.stderr.write(`${text}\n`);
    process.exit(1);
  }
  process.exit(0);
}
