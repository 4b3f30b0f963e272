import type { Clock } from '../../application/ports.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { DeadLetterOptions } from './dead-letter-options.ts';
import { SHOWN_MAX } from './dead-letter-options.ts';
import { type DeadLetterQueue, findDeadLetterQueues, type OpenQueues, queuesNamed } from './find-queues.ts';
import { type ListedQueue, listQueues } from './list-queues.ts';
import { type Redriven, redrive } from './redrive.ts';
import { type ShownMessage, showMessages } from './show-messages.ts';

export type DeadLetterResult =
  | { readonly did: 'list'; readonly queues: readonly ListedQueue[]; readonly ok: boolean }
  | { readonly did: 'show'; readonly messages: readonly ShownMessage[]; readonly ok: boolean }
  | { readonly did: 'redrive'; readonly redriven: readonly Redriven[]; readonly ok: boolean };

export interface DeadLetterWorld {
  readonly open: OpenQueues;
  readonly clock: Clock;
  /** Receives a line for whoever watches. */
  readonly note: (line: string) => void;
}

async function showAll(dead: readonly DeadLetterQueue[], max: number, clock: Clock): Promise<ShownMessage[]> {
  const messages: ShownMessage[] = [];
  for (const one of dead) {
    if (messages.length < max) messages.push(...(await showMessages(one, max - messages.length, clock)));
  }
  return messages;
}

async function redriveAll(
  dead: readonly DeadLetterQueue[],
  { max, message }: DeadLetterOptions,
  { clock, note }: DeadLetterWorld,
): Promise<Redriven[]> {
  const redriven: Redriven[] = [];
  let left = max;
  for (const one of dead) {
    if (left === 0) break;
    const { name, region } = one.queue;
    const onMoved = (moved: number, total: number) => note(`${region} ${name}: ${moved} of ${total} moved`);
    const done = await redrive(one, { max: left, message, clock, onMoved });
    redriven.push(done);
    if (left !== undefined) left -= done.moved;
    if (message !== undefined && done.moved > 0) break;
  }
  if (message !== undefined && redriven.every(({ moved }) => moved === 0)) {
    throw new UsageError(
      `No message ${message} was found. show --json tells the ids; one that somebody else looks at shows within a minute.`,
    );
  }
  return redriven;
}

async function act(
  options: DeadLetterOptions,
  all: readonly DeadLetterQueue[],
  world: DeadLetterWorld,
): Promise<DeadLetterResult> {
  const { command, queue = '', max = SHOWN_MAX, check } = options;
  switch (command) {
    case 'list': {
      const queues = await listQueues(all, world.clock);
      return { did: command, queues, ok: !check || queues.every(({ depth }) => depth === 0) };
    }
    case 'show':
      return { did: command, messages: await showAll(queuesNamed(all, queue), max, world.clock), ok: true };
    case 'redrive': {
      const redriven = await redriveAll(queuesNamed(all, queue), options, world);
      return { did: command, redriven, ok: true };
    }
  }
}

/** Does what the command line says. */
export async function runDeadLetters(
  options: DeadLetterOptions,
  world: DeadLetterWorld,
): Promise<DeadLetterResult> {
  const opened: ReturnType<OpenQueues>[] = [];
  const open: OpenQueues = (region, endpoint) => {
    const port = world.open(region, endpoint);
    opened.push(port);
    return port;
  };
  try {
    return await act(options, await findDeadLetterQueues(options, open), world);
  } finally {
    for (const port of opened) port.close();
  }
}
