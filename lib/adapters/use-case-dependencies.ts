import { createClaimDirectory } from '../application/claim-directory.ts';
import { createLocationDirectory } from '../application/location-directory.ts';
import type { Dependencies, Store } from '../application/ports.ts';
import { systemClock } from './system/clock.ts';
import { sha256Digest } from './system/digest.ts';
import { systemRandomness } from './system/randomness.ts';

/** What the use cases need, on a store and the machine's own clock and randomness. */
export function useCaseDependencies(
  store: Store,
  where: { readonly region: string; readonly regions: readonly string[] },
): Dependencies {
  return {
    store,
    locations: createLocationDirectory(store, systemClock),
    claims: createClaimDirectory(store, systemClock),
    clock: systemClock,
    random: systemRandomness,
    digest: sha256Digest,
    ...where,
  };
}
