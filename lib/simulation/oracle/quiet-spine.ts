import type { MemoryStore } from '../memory-store.ts';
import type { Shop } from '../workload/shop.ts';
import { spineFaults } from './event-checks.ts';
import { duplicateFaults, orderFaults } from './order-checks.ts';
import { rollupFaults } from './rollup-checks.ts';

/** Each region sends what it could not hand over; nobody else does. */
function stillUnsent(stores: readonly MemoryStore[]): string[] {
  return stores.flatMap((store) =>
    store
      .all('unsent')
      .filter(({ region }) => region === store.region)
      .map(({ channel, id }) => `${id} for ${channel} was not sent from ${store.region}`),
  );
}

/** What must be so of orders, messages and the read model once everything is quiet. */
export function shopSpineFaults({ cluster, implied, plan }: Shop): string[] {
  const { spines, stores } = cluster;
  const [store] = stores;
  if (store === undefined) return [];
  const skus = plan.skus.map(({ sku }) => sku);
  return [
    ...stillUnsent(stores),
    ...orderFaults(store),
    ...spineFaults(spines, implied),
    ...duplicateFaults(store, spines),
    ...rollupFaults(store, spines, { skus, homeRegion: plan.homeRegion }),
  ];
}
