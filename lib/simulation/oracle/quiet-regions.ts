/** What must be so at rest of regions that are out of service. */
import type { MemoryStore } from '../memory-store.ts';
import type { Shop } from '../workload/shop.ts';

/** A drained region has nothing to sell, and says that it is done once nothing of it is promised either. */
function drainFaults({ region, ...store }: Pick<MemoryStore, 'region' | 'all'>): string[] {
  const own = store.all('quota').filter((quota) => quota.region === region);
  const selling = own.filter(({ available }) => available > 0);
  const isEmpty = own.every(({ available, promised }) => available === 0 && promised === 0);
  const state = store.all('regionState').find((each) => each.region === region);
  const faults = selling.map(({ sku, locationId, available }) => {
    return `${region} is drained and has ${available} of ${sku} at ${locationId}`;
  });
  if (state?.status !== 'draining') faults.push(`${region} was drained and is ${state?.status}`);
  if (isEmpty !== (state?.drainedAtMs !== undefined)) {
    faults.push(`${region} has ${isEmpty ? 'nothing' : 'something'} left and says otherwise`);
  }
  return faults;
}

/** Every region is as it was last told to be. */
export function regionFaults({ cluster, wanted }: Shop): string[] {
  return cluster.stores.flatMap((store) => {
    const { region } = store;
    if (wanted.get(region) === 'draining') return drainFaults({ region, all: (entity) => store.all(entity) });
    const state = store.all('regionState').find((each) => each.region === region);
    return state?.status === 'draining' ? [`${region} is drained, and should sell`] : [];
  });
}
