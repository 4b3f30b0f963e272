import { isForLater } from '../../application/batch-progress.ts';
import { completeChanges } from '../../application/complete-changes.ts';
import type { RecordChange } from '../../application/ports.ts';
import type { ChangeEvent, StreamedRecord } from '../../application/streamed-record.ts';
import type { Change } from '../memory-table.ts';
import type { StreamConsumer } from '../stream-records.ts';
import type { SimulatedWorld } from '../world.ts';
import type { EnvironmentPool } from './environment-pool.ts';
import type { Mutant } from './mutant.ts';
import { tellOnly } from './tell-only.ts';

export interface ConsumerOptions {
  readonly region: string;
  readonly mutant?: Mutant | undefined;
}

/** A change as the use cases are told of it. */
function asRecordChange({ entity, before, after }: Change): RecordChange {
  const images = {
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
  return { entity, ...images } as RecordChange;
}

const asStreamed = (change: Change, index: number): StreamedRecord => ({
  position: String(index),
  recordKey: change.id,
  committedAtMs: Math.floor(change.atMs),
  raw: change,
  change: asRecordChange(change),
});

/**
 * Demand is measured and followed after this part of the batches: it is a matter of speed, never of safety, and
 * after each of them it would be half of all calls.
 */
const FOLLOWED = 0.2;

/** A function that completes changes is given so long, and begins no record after it. */
const RUN_MAX_MS = 30_000;

const noFollowing = async (): Promise<void> => undefined;

/** Everything but what the world does to a consumer is a bug, and ends the run. */
function faultOf(event: ChangeEvent): unknown {
  switch (event.event) {
    case 'failed':
    case 'given_up':
    case 'unreadable':
      return event.error;
    case 'demand_not_followed':
      return isForLater(event.error) ? undefined : event.error;
    case 'not_parked':
      return new Error(`${event.recordKey} could not be parked`);
    default:
      return undefined;
  }
}

/** The consumer of a region's stream, as the function behind it. */
export function createConsumer(
  world: SimulatedWorld,
  pool: EnvironmentPool,
  { region, mutant }: ConsumerOptions,
): StreamConsumer {
  const random = world.random.fork(`consumer ${region}`);
  const report = (event: ChangeEvent) => {
    const fault = faultOf(event);
    if (fault !== undefined) world.time.fail(fault);
  };
  return async (batch) => {
    const { process, deps, follow } = pool.get('stream', region);
    const all = batch.map(asStreamed);
    const shown = mutant?.deliver && new Set<unknown>(mutant.deliver(batch, region));
    const records = shown === undefined ? all : all.filter(({ raw }) => shown.has(raw));
    const followDemand = random.chance(FOLLOWED) ? follow : noFollowing;
    const deadlineMs = deps.clock.now() + RUN_MAX_MS;
    const end = await process.run(async () => {
      const completed = await completeChanges(deps, records, { deadlineMs, followDemand, report });
      if (shown !== undefined)
        await tellOnly(
          deps,
          all.filter(({ raw }) => !shown.has(raw)),
        );
      return completed;
    });
    if (end.ended === 'threw' && !isForLater(end.error)) world.time.fail(end.error);
    if (end.ended !== 'returned') throw new Error(`The batch was not handled: its consumer ${end.ended}`);
    const failed = mutant?.failedRecords?.(end.value.failed) ?? end.value.failed;
    // What follows the first that failed is shown again with it.
    return Math.min(batch.length, ...failed.map(Number));
  };
}
