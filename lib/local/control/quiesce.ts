import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '../event-bus/event-log.ts';
import type { LocalRegion } from '../local-region.ts';
import type { QueueDepth } from '../queues/local-queue.ts';
import type { Replicator } from '../replication/replicator.ts';
import type { StackStreams } from '../streams/stack-streams.ts';
import { deadLetterNames } from './queue-views.ts';

export const DEFAULT_QUIESCE_TIMEOUT_MS = 30_000;
export const MAX_QUIESCE_TIMEOUT_MS = 600_000;
const POLL_MS = 50;

/** How much work of a region is due by now, by the clock of the stack. */
export type CountDue = (region: string) => Promise<number>;

/**
 * What still has to happen in a running region. A function that a schedule has started does not count: the sweep
 * stays for most of its period, to be there when something falls due.
 */
export interface OpenRegion {
  readonly region: string;
  readonly requestsInFlight: number;
  readonly due: number;
  /** Records that event sources have not delivered. */
  readonly streamRecords: number;
  /** Events that targets of rules have not got. */
  readonly eventDeliveries: number;
  /** Records of delivery streams that are in no object. */
  readonly logRecords: number;
}

/** What still has to be carried from one region to another, whether it can be now or not. */
export interface OpenDirection {
  readonly from: string;
  readonly to: string;
  readonly backlog: number;
  readonly paused: boolean;
}

/** A queue of a running region whose messages some function has to take. */
export interface OpenQueue extends QueueDepth {
  readonly region: string;
  readonly queue: string;
}

export type OpenWork = OpenRegion | OpenDirection | OpenQueue;

/** What can have work left. */
export interface Workplace {
  readonly regions: readonly LocalRegion[];
  readonly replicator: Replicator;
  readonly streams: StackStreams;
  readonly countDue: CountDue;
  readonly events: EventLog;
}

async function openRegions({ regions, countDue }: Workplace): Promise<OpenRegion[]> {
  const running = regions.filter(({ status }) => status === 'running');
  const all = await Promise.all(
    running.map(async (region): Promise<OpenRegion> => {
      const due = await countDue(region.name);
      const { name, requestsInFlight, recordsWaiting } = region;
      const { deliveriesWaiting: eventDeliveries, recordsBuffered: logRecords } = region.services;
      return {
        region: name,
        requestsInFlight,
        due,
        streamRecords: recordsWaiting,
        eventDeliveries,
        logRecords,
      };
    }),
  );
  return all.filter(({ region: _, ...counts }) => Object.values(counts).some((count) => count > 0));
}

function openDirections({ replicator }: Workplace): OpenDirection[] {
  return replicator.directions
    .filter(({ backlog }) => backlog.size > 0)
    .map(({ from, to, backlog, settings }) => ({ from, to, backlog: backlog.size, paused: settings.paused }));
}

/** Messages that nobody takes, and dead letters, are not work: they wait for somebody to look at them. */
function openQueues({ regions }: Workplace): OpenQueue[] {
  return regions
    .filter(({ status }) => status === 'running')
    .flatMap((region) => {
      const deadLetters = deadLetterNames(region);
      const fed = new Set(region.queueSources.map(({ queue }) => queue));
      return [...fed]
        .filter(({ definition }) => !deadLetters.has(definition.name))
        .map(({ definition, depth }) => ({ region: region.name, queue: definition.name, ...depth }));
    })
    .filter(({ visible, inFlight, delayed }) => visible + inFlight + delayed > 0);
}

/** Grows with everything that is written or delivered. */
function activity({ streams, regions, events }: Workplace): number {
  const sources = regions.flatMap(({ eventSources, queueSources }) => [...eventSources, ...queueSources]);
  const told = regions.map(({ services }) => services.activity);
  const counts = [...sources.map(({ finished }) => finished), ...told];
  return counts.reduce((sum, count) => sum + count, streams.recordsRead + events.last);
}

/**
 * Waits until no running region has work left. Work leads to more work, so twice in a row nothing must be open,
 * and nothing must have happened in between.
 *
 * @returns what is still open when the time is over; empty when all is quiet.
 */
export async function quiesce(workplace: Workplace, timeoutMs: number): Promise<OpenWork[]> {
  const deadlineMs = performance.now() + timeoutMs;
  const { streams } = workplace;
  let quietSince: number | undefined;
  for (;;) {
    const timeUp = sleep(Math.max(0, deadlineMs - performance.now()), undefined, { ref: false });
    await Promise.race([streams.caughtUp(), timeUp]);
    const open = [...(await openRegions(workplace)), ...openQueues(workplace), ...openDirections(workplace)];
    const now = activity(workplace);
    if (open.length === 0 && quietSince === now) return open;
    if (performance.now() >= deadlineMs) return open;
    quietSince = open.length === 0 ? now : undefined;
    if (open.length > 0) await sleep(POLL_MS);
  }
}
