import type { Location } from '../domain/catalogue.ts';
import type { Clock, LocationDirectory, Store } from './ports.ts';

/** Priorities may be this old when locations are chosen for a hold; whether stock is there never is. */
const REMEMBERED_MS = 1000;

/** Tenants remembered in one environment; the oldest is forgotten first. */
const TENANTS_MAX = 500;

interface Remembered {
  readonly readAtMs: number;
  readonly locations: Promise<readonly Location[]>;
}

/** Remembers each tenant's locations for a second, with one read in flight for each tenant. */
export function createLocationDirectory(store: Store, clock: Clock): LocationDirectory {
  const remembered = new Map<string, Remembered>();

  const read = (tenantId: string): Promise<readonly Location[]> => {
    const locations = store.locations(tenantId);
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
    return isFresh ? known.locations : read(tenantId);
  };

  return {
    of,
    refresh: read,
    async find(tenantId, locationId) {
      const isIt = (location: Location) => location.locationId === locationId;
      // A location's existence and region never change, so an old answer that has it is as good as a new one.
      const known = await remembered.get(tenantId)?.locations;
      return known?.find(isIt) ?? (await read(tenantId)).find(isIt);
    },
  };
}
