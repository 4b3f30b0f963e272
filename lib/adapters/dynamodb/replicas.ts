import { type Clock, type Replicas, type Store, StoreUnavailableError } from '../../application/ports.ts';

/** Opens the store of a region that is not this one. */
export type OpenRemote = (region: string) => Store;

/**
 * A region that kept somebody waiting in vain is not asked again for so long: a request that needs it more than once
 * is answered within two seconds all the same.
 */
const AVOIDED_MS = 1000;

/** What fails sooner costs nobody any time: a region whose connections break off is asked again at once. */
const WAITED_MS = 500;

/** A store that fails at once while its region is known to be out of reach. */
function guarded(region: string, store: Store, clock: Clock): Store {
  let avoidedUntilMs = 0;
  const call = async (run: () => Promise<unknown>): Promise<unknown> => {
    const startedAtMs = clock.now();
    const leftMs = avoidedUntilMs - startedAtMs;
    // A clock that was set back must not prolong it.
    if (leftMs > 0 && leftMs <= AVOIDED_MS) {
      throw new StoreUnavailableError(`${region} did not answer a moment ago`, { effect: 'none' });
    }
    try {
      return await run();
    } catch (error) {
      const hasWaited = clock.now() - startedAtMs >= WAITED_MS;
      if (error instanceof StoreUnavailableError && hasWaited) avoidedUntilMs = clock.now() + AVOIDED_MS;
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
