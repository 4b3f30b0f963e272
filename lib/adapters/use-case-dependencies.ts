import { assembleDependencies } from '../application/assemble.ts';
import { NO_READ_MODEL } from '../application/no-read-model.ts';
import type { Dependencies, ReadModel, Store } from '../application/ports.ts';
import { createReplicas, type OpenRemote } from './dynamodb/replicas.ts';
import { systemClock } from './system/clock.ts';
import { sha256Digest } from './system/digest.ts';
import { systemRandomness } from './system/randomness.ts';

interface Where {
  readonly region: string;
  readonly regions: readonly string[];
  /** Opens the database of another region. */
  readonly openRemote: OpenRemote;
  /** @default none: nothing that runs here reads it */
  readonly readModel?: ReadModel;
}

/** What the use cases need, on a store and the machine's own clock and randomness. */
export function useCaseDependencies(
  store: Store,
  { region, regions, openRemote, readModel = NO_READ_MODEL }: Where,
): Dependencies {
  const clock = systemClock;
  const replicas = createReplicas({ region, store }, { regions, clock, open: openRemote });
  return assembleDependencies({
    replicas,
    readModel,
    clock,
    random: systemRandomness,
    digest: sha256Digest,
    region,
    regions,
  });
}
