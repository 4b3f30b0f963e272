import { type Clock, type Replicas, type Store, StoreUnavailableError } from '../../application/ports.ts';

/** Opens the store of a region that is not this one. */
export type OpenRemote = (region: string) => Store;

/**
 * A region that did not answer is not asked again for so long: whoever waits for it would wait in vain, and a
 * caller is told within two seconds that it is out of reach.
 */
const AVOIDED_MS = 1000;

/** A store that fails at once while its region is known to be out of reach. */
function guarded(region: string, store: Store, clock: Clock): Store {
  let avoidedUntilMs = 0;
  const call = async (run: () => Promise<unknown>): Promise<unknown> => {
    if (clock.now() < avoidedUntilMs) {
      throw new StoreUnavailableError(`${region} did not answer a moment ago`, { effect: 'none' });
    }
    try {
      return await run();
    } catch (error) {
      if (error instanceof StoreUnavailableError) avoidedUntilMs = clock.now() + AVOIDED_MS;
      throw error;
    }
  };
  return new Proxy(store, {
    get: (target, name: keyof Store) => {
      const method: unknown = target[name];
      // What is no method of a store is asked for as well: whoever awaits a value asks for its `then`.
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) => call(() => method.apply(target, given));
    },
  });
}

/** The databases of all regions: the own one as it is, each other one opened when it is first needed. */
export function createReplicas(
  own: { readonly region: string; readonly store: Store },
  others: { readonly regions: readonly string[]; readonly clock: Clock; readonly open: OpenRemote },
): Replicas {
  const opened = new Map<string, Store>([[own.region, own.store]]);
  return {
    in(region) {
      const known = opened.get(region);
      if (known !== undefined) return known;
      if (!others.regions.includes(region))
        throw new Error(`There is no region ${region} in this deployment`);
      const store = guarded(region, others.open(region), others.clock);
      opened.set(region, store);
      return store;
    },
  };
}
