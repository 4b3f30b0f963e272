import { createClaimDirectory } from '../application/claim-directory.ts';
import { createLocationDirectory } from '../application/location-directory.ts';
import type { Dependencies, Store } from '../application/ports.ts';
import { createRegionDirectory } from '../application/region-directory.ts';
import { createTenantDirectory } from '../application/tenant-directory.ts';
import { createReplicas, type OpenRemote } from './dynamodb/replicas.ts';
import { systemClock } from './system/clock.ts';
import { sha256Digest } from './system/digest.ts';
import { systemRandomness } from './system/randomness.ts';

interface Where {
  readonly region: string;
  readonly regions: readonly string[];
  /** Opens the database of another region. */
  readonly openRemote: OpenRemote;
}

/** What the use cases need, on a store and the machine's own clock and randomness. */
export function useCaseDependencies(store: Store, { region, regions, openRemote }: Where): Dependencies {
  const clock = systemClock;
  const replicas = createReplicas({ region, store }, { regions, clock, open: openRemote });
  const tenants = createTenantDirectory({ store, replicas, regions });
  return {
    store,
    replicas,
    tenants,
    regionStates: createRegionDirectory({ store, clock, region, regions }),
    locations: createLocationDirectory({ store, replicas, tenants, clock }),
    claims: createClaimDirectory(store, clock),
    clock,
    random: systemRandomness,
    digest: sha256Digest,
    region,
    regions,
  };
}
