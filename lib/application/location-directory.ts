import type { Location } from '../domain/catalogue.ts';
import {
  type Clock,
  type LocationDirectory,
  type Replicas,
  type Store,
  StoreUnavailableError,
  type TenantDirectory,
} from './ports.ts';

/** Priorities may be this old when locations are chosen for a hold; whether stock is there never is. */
const REMEMBERED_MS = 1000;

/** Tenants remembered in one environment; the oldest is forgotten first. */
const TENANTS_MAX = 500;

interface Remembered {
  readonly readAtMs: number;
  readonly locations: Promise<readonly Location[]>;
}

interface Where {
  readonly store: Store;
  readonly replicas: Replicas;
  readonly tenants: TenantDirectory;
  readonly clock: Clock;
}

/** As the tenant's home region knows them, or this replica while that is out of reach. */
async function readAtHome({ store, replicas, tenants }: Where, tenantId: string) {
  const home = replicas.in(await tenants.homeOf(tenantId));
  if (home === store) return store.locations(tenantId);
  try {
    return await home.locations(tenantId);
  } catch (error) {
    if (error instanceof StoreUnavailableError) return store.locations(tenantId);
    throw error;
  }
}

/** Remembers each tenant's locations for a second, with one read in flight for each tenant. */
export function createLocationDirectory(where: Where): LocationDirectory {
  const { store, clock } = where;
  const remembered = new Map<string, Remembered>();

  const remember = (tenantId: string, locations: Promise<readonly Location[]>) => {
    remembered.delete(tenantId);
    remembered.set(tenantId, { readAtMs: clock.now(), locations });
    // A failed read is not remembered: the next caller tries again.
    locations.catch(() => remembered.delete(tenantId));
    const [oldest] = remembered.keys();
    if (remembered.size > TENANTS_MAX && oldest !== undefined) remembered.delete(oldest);
    return locations;
  };

  const of = (tenantId: string): Promise<readonly Location[]> => {
    const known = remembered.get(tenantId);
    const isFresh = known !== undefined && clock.now() - known.readAtMs < REMEMBERED_MS;
    return isFresh ? known.locations : remember(tenantId, store.locations(tenantId));
  };

  const refresh = (tenantId: string) => remember(tenantId, readAtHome(where, tenantId));

  return {
    of,
    refresh,
    async find(tenantId, locationId) {
      const isIt = (location: Location) => location.locationId === locationId;
      // A location's existence and region never change, so an old answer that has it is as good as a new one, and
      // the own replica's is as good as the home region's. Only one that nobody here knows is asked for there.
      const known = (await (remembered.get(tenantId)?.locations ?? of(tenantId))).find(isIt);
      return known ?? (await refresh(tenantId)).find(isIt);
    },
  };
}
