import { ChangeContendedError, completeChange } from '../../application/complete-change.ts';
import { type RecordChange, StoreUnavailableError } from '../../application/ports.ts';
import type { Notice } from '../../application/settle-siblings.ts';
import type { Change } from '../memory-table.ts';
import type { StreamConsumer } from '../stream-records.ts';
import type { SimulatedWorld } from '../world.ts';
import type { EnvironmentPool } from './environment-pool.ts';
import type { Mutant } from './mutant.ts';

export interface ConsumerOptions {
  readonly region: string;
  readonly mutant?: Mutant | undefined;
  readonly onNotice: (notice: Notice) => void;
}

/** A change as the use cases are told of it. */
function asRecordChange({ entity, before, after }: Change): RecordChange {
  const images = {
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
  return { entity, ...images } as RecordChange;
}

/**
 * Demand is measured and followed after this part of the batches: it is a matter of speed, never of safety, and
 * after each of them it would be half of all calls.
 */
const FOLLOWED = 0.2;

const isExpected = (error: unknown): boolean =>
  error instanceof StoreUnavailableError || error instanceof ChangeContendedError;

/** The consumer of a region's stream, as the function behind it: it completes each change of a batch. */
export function createConsumer(
  world: SimulatedWorld,
  pool: EnvironmentPool,
  { region, mutant, onNotice }: ConsumerOptions,
): StreamConsumer {
  const random = world.random.fork(`consumer ${region}`);
  return async (batch) => {
    const { process, deps, follow } = pool.get('stream', region);
    const shown = mutant?.deliver?.(batch, region) ?? batch;
    const changes = shown.map(asRecordChange);
    const end = await process.run(async () => {
      for (const change of changes) {
        for (const notice of await completeChange(deps, change)) onNotice(notice);
      }
      if (random.chance(FOLLOWED)) await follow(changes);
    });
    if (end.ended === 'returned') return batch.length;
    if (end.ended === 'threw' && !isExpected(end.error)) world.time.fail(end.error);
    throw new Error(`The batch was not handled: its consumer ${end.ended}`);
  };
}
