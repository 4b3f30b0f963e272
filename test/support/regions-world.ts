import { createLocationDirectory } from '../../lib/application/location-directory.ts';
import { type Dependencies, type Store, StoreUnavailableError } from '../../lib/application/ports.ts';
import { createRegionDirectory } from '../../lib/application/region-directory.ts';
import { createTenantDirectory } from '../../lib/application/tenant-directory.ts';
import { MemoryStore } from '../../lib/simulation/memory-store.ts';
import { createWorld } from './world.ts';

/** A store that answers nothing. */
const outOfReach = (): Store =>
  new Proxy({} as Store, {
    get: () => () => Promise.reject(new StoreUnavailableError('Out of reach')),
  });

/** Several regions, each with a store of its own. Nothing is replicated: a test writes what a replica has heard. */
export function createRegionsWorld(regions: readonly [string, ...string[]]) {
  const stores = new Map<string, Store>(regions.map((region) => [region, new MemoryStore(region)]));
  const replicas = { in: (region: string) => stores.get(region) ?? outOfReach() };
  const world = createWorld();
  const { clock } = world;
  /** The dependencies of a region. */
  const at = (region: string): Dependencies => {
    const store = replicas.in(region);
    const tenants = createTenantDirectory({ store, replicas, regions });
    return {
      ...world,
      store,
      replicas,
      tenants,
      regionStates: createRegionDirectory({ store, clock, region, regions }),
      locations: createLocationDirectory({ store, replicas, tenants, clock }),
      region,
      regions,
    };
  };
  return { at, clock, lose: (region: string) => stores.set(region, outOfReach()) };
}
