/** What is in stock: read from the read model, or from the items that own it, all with the same arithmetic. */
import { type Result, reject, succeed } from '../domain/rejection.ts';
import {
  availableByRegion,
  committedUnits,
  type LocationStock,
  type StockView,
  stockOf,
  totalOf,
} from '../domain/stock-view.ts';
import { claimOf, type SeenClaim } from '../domain/unit-claims.ts';
import { anyProduct, openReservations, readSkuEverywhere } from './owned-records.ts';
import type { Consistency, Dependencies, SkuRecords } from './ports.ts';

export interface StockQuery {
  readonly sku: string;
  readonly consistency: Consistency;
}

export interface SkuStock {
  readonly sku: string;
  readonly asOfMs: number;
  readonly locations: readonly LocationStock[];
  readonly regions: readonly { readonly region: string; readonly available: number }[];
}

/** Who claims units: as the index showed it a moment ago, or as the reservations say now. */
async function readClaims(
  deps: Dependencies,
  tenantId: string,
  { sku, consistency }: StockQuery,
): Promise<readonly SeenClaim[]> {
  if (consistency === 'eventual') return (await deps.claims.on(tenantId, sku)).claims;
  return (await openReservations(deps, tenantId, sku)).map(claimOf);
}

/** The same view of a sku as a rollup is, made of the records themselves. */
async function viewOf(
  deps: Dependencies,
  tenantId: string,
  { records, query }: { readonly records: SkuRecords; readonly query: StockQuery },
): Promise<StockView> {
  const isPromised = records.quotas.some(({ promised }) => promised > 0);
  const claims = isPromised ? await readClaims(deps, tenantId, query) : [];
  return { ...records, committed: committedUnits(claims, query.sku) };
}

const describe = (
  deps: Dependencies,
  view: StockView,
  known: Pick<SkuStock, 'sku' | 'asOfMs'>,
): SkuStock => ({
  ...known,
  locations: stockOf(view),
  regions: availableByRegion(view, deps.regions),
});

/**
 * The stock of one sku at every location.
 *
 * `eventual` is one read of the rollup; of a sku that has none yet, the records are read as this replica knows
 * them. `strong` reads every source as it is now, in every region.
 * Rejections: `not_found`.
 *
 * @throws StoreUnavailableError when the read is strong and a region is out of reach.
 */
export async function readStock(
  deps: Dependencies,
  tenantId: string,
  query: StockQuery,
): Promise<Result<SkuStock>> {
  const { sku, consistency } = query;
  const asOfMs = deps.clock.now();
  if (consistency === 'eventual') {
    const seen = await deps.stock.of(tenantId, sku);
    if (seen?.rollup.product !== undefined) {
      return succeed(describe(deps, seen.rollup, { sku, asOfMs: seen.asOfMs }));
    }
  }
  const records =
    consistency === 'strong'
      ? await readSkuEverywhere(deps, tenantId, sku)
      : await deps.store.readSku(tenantId, sku, consistency);
  if ((await anyProduct(deps, tenantId, { sku, product: records.product })) === undefined)
    return reject({ code: 'not_found', detail: `There is no product ${sku}.` });
  const view = await viewOf(deps, tenantId, { records, query });
  return succeed(describe(deps, view, { sku, asOfMs }));
}

export type Availability =
  | { readonly sku: string; readonly available: number; readonly onHand: number; readonly asOfMs: number }
  | { readonly sku: string; readonly error: 'not_found' };

/** Skus read side by side: enough to hide the latency, few enough not to crowd the connection pool. */
const SKUS_AT_ONCE = 25;

function availabilityOf(sku: string, view: StockView, asOfMs: number): Availability {
  const units = stockOf(view);
  return {
    sku,
    available: totalOf(units.map(({ available }) => available)),
    onHand: totalOf(units.map(({ onHand }) => onHand)),
    asOfMs,
  };
}

/** A sku that has no rollup yet, as this replica knows it; whether it exists its owner may have to say. */
async function readUnknown(deps: Dependencies, tenantId: string, sku: string): Promise<Availability> {
  const asOfMs = deps.clock.now();
  const records = await deps.store.readSku(tenantId, sku, 'eventual');
  const product = await anyProduct(deps, tenantId, { sku, product: records.product });
  if (product === undefined) return { sku, error: 'not_found' };
  return availabilityOf(sku, { ...records, committed: [] }, asOfMs);
}

/** Availability of up to 100 skus, in the order asked: one batch read, and one more for each sku without a rollup. */
export async function readAvailability(
  deps: Dependencies,
  tenantId: string,
  skus: readonly string[],
): Promise<Availability[]> {
  const unique = [...new Set(skus)];
  const seen = await deps.stock.many(tenantId, unique);
  const found = new Map<string, Availability>();
  const unknown: string[] = [];
  for (const [index, sku] of unique.entries()) {
    const known = seen[index];
    if (known?.rollup.product === undefined) unknown.push(sku);
    else found.set(sku, availabilityOf(sku, known.rollup, known.asOfMs));
  }
  for (let start = 0; start < unknown.length; start += SKUS_AT_ONCE) {
    const batch = unknown.slice(start, start + SKUS_AT_ONCE);
    const read = await Promise.all(batch.map((sku) => readUnknown(deps, tenantId, sku)));
    for (const item of read) found.set(item.sku, item);
  }
  return skus.flatMap((sku) => found.get(sku) ?? []);
}

/** Whether a product still has units anywhere, or promises any. */
export const isInUse = ({ stocks, quotas, grants }: SkuRecords): boolean =>
  stocks.some(({ onHand, shortage }) => onHand > 0 || shortage > 0) ||
  quotas.some(({ available, promised }) => available > 0 || promised > 0) ||
  grants.length > 0;
