import { createTenant } from '../../application/manage-keys.ts';
import { putLocation } from '../../application/put-location.ts';
import type { Result } from '../../domain/rejection.ts';
import { Cluster, type ClusterOptions, REGIONS } from '../cluster/cluster.ts';
import type { SimulatedDependencies } from '../cluster/simulated-dependencies.ts';
import { Auditor } from '../oracle/auditor.ts';
import { ClientOracle } from '../oracle/client-oracle.ts';
import { FreeUnits } from '../oracle/free-units.ts';
import { ImpliedMessages } from '../oracle/implied-messages.ts';
import { locationKey } from '../oracle/owners.ts';
import { SeededRandom } from '../random.ts';
import { Client } from '../workload/client.ts';
import { setSafetyStock } from '../workload/operator.ts';
import type { Shop } from '../workload/shop.ts';
import { drawShop } from '../workload/shop-plan.ts';

/** Time for what is set up to reach every region. */
const SETTLE_MS = 60_000;

async function must<Value>(
  cluster: Cluster,
  work: (deps: SimulatedDependencies) => Promise<Result<Value>>,
): Promise<void> {
  const answer = await cluster.request(REGIONS[0], work);
  if (!answer.answered || !answer.value.ok) throw new Error('The shop could not be set up');
}

/** Sets up a tenant with its locations and products, before anything goes wrong. */
async function setUp(shop: Shop): Promise<void> {
  const { cluster, plan, client } = shop;
  const { tenantId, homeRegion, locations, skus } = plan;
  await must(cluster, (deps) => createTenant(deps, { tenantId, name: 'Shop', tier: 'standard', homeRegion }));
  for (const { locationId, region, priority } of locations) {
    const command = { locationId, name: locationId, region, type: 'warehouse', priority };
    await must(cluster, (deps) => putLocation(deps, client.caller, { command, precondition: () => true }));
  }
  for (const sku of skus) await setSafetyStock(shop, sku, 0);
}

/** A shop in three regions, of which nothing is set up yet. */
export function planShop(options: ClusterOptions & { readonly traffic?: number }): Shop {
  const random = new SeededRandom(options.seed).fork('shop');
  const drawn = drawShop(random.fork('plan'));
  const plan = { ...drawn, shoppersPerHour: drawn.shoppersPerHour * (options.traffic ?? 1) };
  const cluster = new Cluster(options);
  const { skewMaxMs } = cluster.plan;
  const { tenantId, homeRegion } = plan;
  const home = cluster.spines.find(({ region }) => region === homeRegion);
  if (home === undefined) throw new Error(`There is no region ${homeRegion}`);
  const homes = {
    first: REGIONS[0],
    tenants: new Map([[tenantId, homeRegion]]),
    locations: new Map(
      plan.locations.map(({ locationId, region }) => [locationKey(tenantId, locationId), region]),
    ),
  };
  return {
    cluster,
    plan,
    client: new Client(cluster, random.fork('clients'), { tenantId, actor: 'key.shop' }),
    oracle: new ClientOracle({ skewMaxMs, fail: (what) => cluster.fail(what) }),
    auditor: new Auditor(cluster.world, cluster.stores, { homes, skewMaxMs }),
    free: new FreeUnits(cluster.stores),
    implied: new ImpliedMessages(cluster.stores, home),
    mix: { holds: 0, granted: 0, refused: 0, confirmed: 0, queued: 0, shipped: 0, movements: 0 },
    wanted: new Map(),
    isOpen: true,
    busy: 0,
  };
}

/** Makes a shop ready for its first shopper. */
export async function openShop(shop: Shop): Promise<void> {
  const { cluster } = shop;
  let isReady = false;
  void setUp(shop).then(
    () => {
      isReady = true;
    },
    (error: unknown) => cluster.world.time.fail(error),
  );
  await cluster.pass(SETTLE_MS);
  if (!isReady) throw new Error('The shop was not set up in time');
}
