/** After a change of safety stock, each location keeps back what is free at once; the rest follows as it comes free. */
import type { Product } from '../domain/catalogue.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import { changeQuota } from '../domain/quota-change.ts';
import { retarget } from '../domain/settlement.ts';
import { changeStock } from '../domain/stock-change.ts';
import { backOff } from './back-off.ts';
import type { Dependencies } from './ports.ts';
import { placeOf } from './read-place.ts';
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

async function settleLocation(
  deps: Dependencies,
  product: Pick<Product, 'tenantId' | 'sku'>,
  locationId: string,
): Promise<Settled> {
  const { tenantId, sku } = product;
  const records = await deps.store.readSku(tenantId, sku, 'strong');
  const stock = records.stocks.find((candidate) => candidate.locationId === locationId);
  const quotas = records.quotas.filter((candidate) => candidate.locationId === locationId);
  if (records.product === undefined || stock === undefined) return 'settled';
  const { position } = placeOf(records.product, stock, quotas);
  const settlement = retarget(position);
  const isOwed = settlement.quota.recalled === true;
  const wasOwed = quotas.some(({ recalled }) => recalled === true);
  if (settlement.stock.keptBack === 0 && isOwed === wasOwed) return 'settled';
  const commit = await deps.store.commit([
    changeQuota(quotaKey(deps, { tenantId, sku, locationId }), settlement.quota),
    changeStock(stock, stock, settlement.stock),
    checkProduct(records.product),
  ]);
  if (commit.outcome === 'refused') return 'changed';
  return commit.outcome === 'committed' ? 'settled' : 'contended';
}

async function settleUntilDone(deps: Dependencies, product: Product, locationId: string): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const settled = await settleLocation(deps, product, locationId);
    if (settled !== 'changed') return settled === 'settled';
    await backOff(deps, attempt);
  }
  return false;
}

/**
 * Brings every location of a product to its safety stock and clears the product's mark. Safe to repeat; the
 * sweep does, should whoever changed the product have died.
 */
export async function settleProduct(deps: Dependencies, product: Product): Promise<void> {
  const { tenantId, sku } = product;
  const { stocks } = await deps.store.readSku(tenantId, sku, 'strong');
  for (const { locationId } of stocks) {
    if (!(await settleUntilDone(deps, product, locationId))) return;
  }
  const { settleDueAtMs: _, ...settled } = product;
  await deps.store.commit([
    {
      entity: 'product',
      key: { tenantId, sku },
      conditions: [
        { is: 'equal', field: 'version', value: product.version },
        { is: 'equal', field: 'movements', value: product.movements },
      ],
      effect: { does: 'put', record: settled },
    },
  ]);
}
