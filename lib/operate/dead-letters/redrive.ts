import type { Clock } from '../../application/ports.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { type DeadLetterQueue, sourceOf } from './find-queues.ts';
import { lookThrough } from './look-through.ts';
import { type Queue, QueueServiceError, type ReceivedMessage } from './queue-port.ts';

/** Between two looks at a move that the service does. */
const MOVE_PAUSE_MS = 1_000;
/** The service moves hundreds a second; what takes longer than an hour goes on without being watched. */
const MOVE_LOOKS_MAX = 3_600;

export interface RedriveOptions {
  readonly max?: number | undefined;
  /** Id of the only message to move. */
  readonly message?: string | undefined;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Is told how many have been moved. */
  readonly onMoved: (moved: number, total: number) => void;
}

export interface Redriven {
  readonly queue: string;
  readonly region: string;
  readonly to: string;
  readonly moved: number;
  /** How: by the service, or one by one by this command. */
  readonly by: 'service' | 'command';
  /** What is left in the dead-letter queue, about. */
  readonly left: number;
}

interface Move extends RedriveOptions {
  readonly dead: DeadLetterQueue;
  readonly to: Queue;
  readonly total: number;
}

async function watchService({ dead, total, clock, onMoved }: Move): Promise<number> {
  let moved = 0;
  for (let look = 0; look < MOVE_LOOKS_MAX; look += 1) {
    const task = await dead.port.lastMove(dead.queue);
    moved = task?.moved ?? 0;
    onMoved(moved, task?.total ?? total);
    if (task?.failure !== undefined) {
      const done = `The service moved ${moved} messages of ${dead.queue.name} and stopped: ${task.failure}.`;
      throw new QueueServiceError(`${done} What is left is still there: run the command again.`);
    }
    if (task?.isRunning !== true) return moved;
    await clock.sleep(MOVE_PAUSE_MS);
  }
  return moved;
}

/** Sends a copy first: whoever is killed in between leaves the message twice, and never nowhere. */
async function moveOne({ dead, to }: Move, message: ReceivedMessage): Promise<void> {
  await dead.port.send(to, message);
  await dead.port.remove(dead.queue, message);
}

/** Moves what it may of a batch, up to a number. @returns what was moved. */
async function moveBatch(
  move: Move,
  batch: readonly ReceivedMessage[],
  room: number,
): Promise<readonly ReceivedMessage[]> {
  const { message: wanted } = move;
  const chosen = batch.filter(({ id }) => wanted === undefined || id === wanted).slice(0, room);
  for (const message of chosen) await moveOne(move, message);
  return chosen;
}

/** One look through the queue. @returns how many it moved. */
async function moveOnce(move: Move, before: number, limit: number): Promise<number> {
  const { dead, clock, onMoved } = move;
  const hidden = new Set<ReceivedMessage>();
  let moved = before;
  try {
    for await (const batch of lookThrough(dead, clock)) {
      for (const message of batch) hidden.add(message);
      const gone = await moveBatch(move, batch, limit - moved);
      for (const message of gone) hidden.delete(message);
      moved += gone.length;
      if (gone.length > 0) onMoved(moved, limit);
      if (moved >= limit) break;
    }
  } finally {
    await dead.port.release(dead.queue, [...hidden]);
  }
  return moved - before;
}

async function moveOneByOne(move: Move): Promise<number> {
  const { message, max, total } = move;
  // No more than lay there at the start: what a worker gives up again meanwhile would go round for ever.
  const limit = message === undefined ? Math.min(max ?? total, total) : 1;
  let moved = 0;
  while (moved < limit) {
    const more = await moveOnce(move, moved, limit);
    moved += more;
    if (more === 0) break;
  }
  return moved;
}

/**
 * Moves messages of a dead-letter queue back to where they came from: by the service if it can, all of them, otherwise
 * one by one.
 *
 * @throws UsageError when the queue has no source, or no such message is there.
 */
export async function redrive(dead: DeadLetterQueue, options: RedriveOptions): Promise<Redriven> {
  const { queue, port } = dead;
  const to = await sourceOf(dead);
  if (to === undefined) {
    throw new UsageError(
      `No queue's messages end in ${queue.name}, so there is none to move them to. Look at them with show.`,
    );
  }
  const { waiting } = await port.depth(queue);
  const move: Move = { ...options, dead, to, total: waiting };
  const isWhole = options.max === undefined && options.message === undefined && waiting > 0;
  const byService = isWhole && (await port.startMove(queue, to));
  const moved = byService ? await watchService(move) : await moveOneByOne(move);
  const { waiting: left } = await port.depth(queue);
  const by = byService ? 'service' : 'command';
  return { queue: queue.name, region: queue.region, to: to.name, moved, by, left };
}
