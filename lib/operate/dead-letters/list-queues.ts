import type { Clock } from '../../application/ports.ts';
import { type DeadLetterQueue, sourceOf } from './find-queues.ts';

/** Time enough to show them to everybody again, and soon over if that fails: a list must not keep a redrive waiting. */
const HIDDEN_SECONDS = 5;

export interface ListedQueue {
  readonly queue: string;
  readonly region: string;
  /** Where its messages come from, and go to with a redrive. */
  readonly source?: string;
  /** Messages in it, about: also those that somebody is looking at. */
  readonly depth: number;
  /** How long ago the oldest message was sent that one look met; a longer queue may have older ones. */
  readonly oldestSeconds?: number;
  /** Whether that look met all of them. */
  readonly sawAll: boolean;
}

async function listOne(dead: DeadLetterQueue, clock: Pick<Clock, 'now'>): Promise<ListedQueue> {
  const { queue, port } = dead;
  const [{ waiting, inFlight }, source] = await Promise.all([port.depth(queue), sourceOf(dead)]);
  const seen = waiting === 0 ? [] : await port.receive(queue, HIDDEN_SECONDS);
  await port.release(queue, seen);
  const oldestMs = Math.min(...seen.map(({ sentAtMs }) => sentAtMs));
  return {
    queue: queue.name,
    region: queue.region,
    depth: waiting + inFlight,
    sawAll: seen.length >= waiting + inFlight,
    ...(source !== undefined && { source: source.name }),
    ...(seen.length > 0 && { oldestSeconds: Math.max(0, Math.round((clock.now() - oldestMs) / 1_000)) }),
  };
}

/** Says of every dead-letter queue how much is in it, and since when. */
export const listQueues = (
  all: readonly DeadLetterQueue[],
  clock: Pick<Clock, 'now'>,
): Promise<ListedQueue[]> => Promise.all(all.map((dead) => listOne(dead, clock)));
