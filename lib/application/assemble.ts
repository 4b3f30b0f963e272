import { createClaimDirectory } from './claim-directory.ts';
import { createLocationDirectory } from './location-directory.ts';
import type { Clock, Dependencies, Digest, Randomness, ReadModel, Replicas } from './ports.ts';
import { createRegionDirectory } from './region-directory.ts';
import { createStockDirectory } from './stock-directory.ts';
import { createTenantDirectory } from './tenant-directory.ts';

/** What an environment brings with it. */
export interface Surroundings {
  readonly replicas: Replicas;
  readonly readModel: ReadModel;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly digest: Digest;
  /** The region it runs in. */
  readonly region: string;
  /** Every deployed region, the first one first. */
  readonly regions: readonly string[];
}

/** All that use cases are given: what the environment brings, and what it will remember. */
export function assembleDependencies(surroundings: Surroundings): Dependencies {
  const { replicas, readModel, clock, region, regions } = surroundings;
  const store = replicas.in(region);
  const tenants = createTenantDirectory({ store, replicas, regions });
  return {
    ...surroundings,
    store,
    tenants,
    regionStates: createRegionDirectory({ store, clock, region, regions }),
    locations: createLocationDirectory({ store, replicas, tenants, clock }),
    claims: createClaimDirectory(store, clock),
    stock: createStockDirectory(readModel, clock),
  };
}
