/** After a change of safety stock, each location keeps back what is free at once; the rest follows as it comes free. */
import type { Product } from '../domain/catalogue.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import { changeQuota } from '../domain/quota-change.ts';
import { retarget, type Settlement } from '../domain/settlement.ts';
import type { Stock } from '../domain/stock.ts';
import { changeStock } from '../domain/stock-change.ts';
import { backOff } from './back-off.ts';
import { completeWrites } from './complete-writes.ts';
import type { Dependencies } from './ports.ts';
import { pullHome } from './pull-home.ts';
import { readHomePlace } from './read-place.ts';
import { quotaKey } from './supply.ts';

/** How often a location is settled anew after it had changed meanwhile. */
const ATTEMPTS_MAX = 20;

type Settled = 'settled' | 'changed' | 'contended';

/** The product as it was read must still be what its locations are settled for. */
function checkProduct({ tenantId, sku, safetyStock }: Product): GuardedWrite {
  return {
    entity: 'product',
    key: { tenantId, sku },
    conditions: [{ is: 'equal', field: 'safetyStock', value: safetyStock }],
    effect: { does: 'check' },
  };
}

async function writeSettlement(
  deps: Dependencies,
  { product, stock }: { readonly product: Product; readonly stock: Stock },
  settlement: Settlement,
): Promise<Settled> {
  const writes = [
    changeQuota(quotaKey(deps, stock), settlement.quota),
    changeStock(stock, stock, settlement.stock),
    checkProduct(product),
  ];
  const commit = await deps.store.commit(writes);
  if (commit.outcome === 'refused') return 'changed';
  if (commit.outcome === 'contended') return 'contended';
  await completeWrites(deps, writes);
  return 'settled';
}

async function settleLocation(
  deps: Dependencies,
  product: Pick<Product, 'tenantId' | 'sku'>,
  locationId: string,
): Promise<Settled> {
  const place = await readHomePlace(deps, { ...product, locationId });
  if (place?.product === undefined) return 'settled';
  const settlement = retarget(place.position);
  const { keptBack, recalled } = settlement.stock;
  if (keptBack === 0 && recalled === (place.stock.recalled ?? false)) return 'settled';
  if (recalled && place.stock.recalled !== true) {
    const { safetyStock, keptBack: kept, available } = place.position;
    const quantity = safetyStock - kept - available;
    const pulled = await pullHome(deps, { ...product, locationId, quantity });
    if (pulled > 0) return 'changed';
  }
  return writeSettlement(deps, { product: place.product, stock: place.stock }, settlement);
}

async function settleUntilDone(
  deps: Dependencies,
  product: Pick<Product, 'tenantId' | 'sku'>,
  locationId: string,
): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const settled = await settleLocation(deps, product, locationId);
    if (settled !== 'changed') return settled === 'settled';
    await backOff(deps, attempt);
  }
  return false;
}

/**
 * Brings every location that is at home in this region to the product's safety stock, as this replica knows it.
 * Safe to repeat: each region does, when news of the product reach it.
 *
 * @returns `false` when others were in the way.
 */
export async function settleLocations(
  deps: Dependencies,
  { tenantId, sku }: Pick<Product, 'tenantId' | 'sku'>,
): Promise<boolean> {
  const { stocks } = await deps.store.readSku(tenantId, sku, 'strong');
  for (const { locationId, region } of stocks) {
    if (region !== deps.region) continue;
    if (!(await settleUntilDone(deps, { tenantId, sku }, locationId))) return false;
  }
  return true;
}

/**
 * Settles the locations of the product's own region and clears the product's mark. The sweep does it again,
 * should whoever changed the product have died; the streams of the other regions settle theirs.
 */
export async function settleProduct(deps: Dependencies, product: Product): Promise<void> {
  const { tenantId, sku, version } = product;
  if (!(await settleLocations(deps, { tenantId, sku }))) return;
  const { settleDueAtMs: _, ...settled } = product;
  await deps.store.commit([
    {
      entity: 'product',
      key: { tenantId, sku },
      conditions: [{ is: 'equal', field: 'version', value: version }],
      effect: { does: 'put', record: settled },
    },
  ]);
}
