/** Takes regions out of service and back, one at a time, as somebody does who maintains them. */
import { type RegionInfo, setRegionStatus } from '../../application/manage-regions.ts';
import type { RegionState } from '../../domain/region.ts';
import { REGIONS } from '../cluster/cluster.ts';
import type { Operation } from './client.ts';
import type { Shop } from './shop.ts';

/** Between two drains, and how long a region is out of service. */
const BETWEEN_MS = 20 * 60_000;
const OUT_OF_SERVICE_MS = [60_000, 15 * 60_000] as const;
/** A region that is drained last stays so as often as this, and what it owns then is looked at in the end. */
const STAYS = 0.3;

function statusOperation(
  { cluster, wanted }: Shop,
  region: string,
  status: RegionState['status'],
): Operation<RegionInfo> {
  return {
    what: `${status === 'active' ? 'activate' : 'drain'} ${region}`,
    key: region,
    asking: () => wanted.set(region, status),
    run: (deps) => setRegionStatus(deps, region, status),
    told: () => cluster.world.counts.add(status === 'active' ? 'activations' : 'drains'),
  };
}

/** Drains and activates until the shop closes, or until it is not known what became of a request. */
export async function maintainRegions(shop: Shop, endMs: number): Promise<void> {
  const { client } = shop;
  const { random } = client;
  /** No longer than until the shop closes, which waits for everybody. */
  const rest = (milliseconds: number) => client.sleep(Math.min(milliseconds, endMs - client.now()));
  for (;;) {
    await rest(random.exponential(BETWEEN_MS));
    if (!shop.isOpen || client.now() >= endMs) return;
    const region = random.pick(REGIONS);
    const drained = await client.perform(statusOperation(shop, region, 'draining'), { region });
    if (drained === undefined || random.chance(STAYS)) return;
    await rest(random.between(...OUT_OF_SERVICE_MS));
    const activated = await client.perform(statusOperation(shop, region, 'active'), { region });
    if (activated === undefined) return;
  }
}
