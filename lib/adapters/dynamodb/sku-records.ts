/** What is read as a whole partition: everything of a sku, the locations of a tenant, the sums of a ledger. */
import type { Consistency, SkuRecords } from '../../application/ports.ts';
import type { Location } from '../../domain/catalogue.ts';
import type { Database } from './database.ts';
import { fromItem, type Item } from './items.ts';
import { SORT } from './keys.ts';
import { ledgerPartition, locationsPartition, skuPartition } from './partitions.ts';
import { queryItems } from './queries.ts';

/** One page is one stock and its quotas at about 2000 locations. */
const SKU_PAGES_MAX = 8;
/** One page is about 3000 locations. */
const LOCATION_PAGES_MAX = 4;
/** One page is about 2500 movements. Beyond that an audit does not end within a request. */
const LEDGER_PAGES_MAX = 200;

const startsWith =
  (word: string) =>
  (item: Item): boolean =>
    String(item['sk']).startsWith(`${word}#`);

/** Everything of a sku, in one query. */
export async function readSku(
  database: Database,
  { tenantId, sku }: { readonly tenantId: string; readonly sku: string },
  consistency: Consistency,
): Promise<SkuRecords> {
  const range = { partition: skuPartition(tenantId, sku) };
  const strong = consistency === 'strong';
  const items = await queryItems(database, range, { strong, pagesMax: SKU_PAGES_MAX });
  const product = items.find((item) => item['sk'] === SORT.product);
  return {
    product: product && fromItem('product', product),
    stocks: items.filter(startsWith(SORT.stock)).map((item) => fromItem('stock', item)),
    quotas: items.filter(startsWith(SORT.quota)).map((item) => fromItem('quota', item)),
    grants: items.filter(startsWith(SORT.grant)).map((item) => fromItem('grant', item)),
    demands: items.filter(startsWith(SORT.demand)).map((item) => fromItem('demand', item)),
  };
}

/** All locations of a tenant. Strong: a location is used right after it was made. */
export async function readLocations(database: Database, tenantId: string): Promise<Location[]> {
  const range = { partition: locationsPartition(tenantId) };
  const items = await queryItems(database, range, { strong: true, pagesMax: LOCATION_PAGES_MAX });
  return items.map((item) => fromItem('location', item));
}

/** The sum of the deltas of a sku's ledger, by location. */
export async function sumLedger(
  database: Database,
  { tenantId, sku }: { readonly tenantId: string; readonly sku: string },
): Promise<Map<string, number>> {
  const range = { partition: ledgerPartition(tenantId, sku) };
  const items = await queryItems(database, range, {
    strong: true,
    only: ['locationId', 'delta'],
    pagesMax: LEDGER_PAGES_MAX,
  });
  const sums = new Map<string, number>();
  for (const item of items) {
    const locationId = String(item['locationId']);
    sums.set(locationId, (sums.get(locationId) ?? 0) + Number(item['delta']));
  }
  return sums;
}
