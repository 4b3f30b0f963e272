import { setTimeout as sleep } from 'node:timers/promises';
import type { StackStreams } from '../streams/stack-streams.ts';
import type { Replicator } from './replicator.ts';

/** A few items take tenths of a second, also on a busy machine. */
const TIMEOUT_MS = 30_000;
const POLL_MS = 10;

/**
 * Waits until everything that is written by now has arrived in every region.
 *
 * @throws Error when that takes too long.
 */
export async function untilReplicated(streams: StackStreams, replicator: Replicator): Promise<void> {
  const deadlineMs = performance.now() + TIMEOUT_MS;
  await streams.caughtUp();
  while (replicator.directions.some(({ backlog }) => backlog.size > 0)) {
    if (performance.now() > deadlineMs) throw new Error('Replication did not catch up.');
    await sleep(POLL_MS);
  }
}
