/** What a sku's location looks like, in its home region, before something is booked there. */
import type { Location, Product } from '../domain/catalogue.ts';
import { ABSENT, type Condition } from '../domain/guarded-write.ts';
import type { Quota } from '../domain/quota.ts';
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { Position } from '../domain/settlement.ts';
import type { Stock, StockKey } from '../domain/stock.ts';
import { knownProduct } from './owned-records.ts';
import type { Dependencies } from './ports.ts';

export interface Place {
  readonly product: Product;
  /** What must still be true of this replica's copy of the product when something is booked for it. */
  readonly productGuard: readonly Condition[];
  /** `undefined`: nothing was ever booked there. */
  readonly stock: Stock | undefined;
  readonly position: Position;
}

/** A position from records of the location's home region that were read together. */
export function positionOf(
  { safetyStock }: Pick<Product, 'safetyStock'>,
  stock: Stock | undefined,
  homeQuotas: readonly Quota[],
): Position {
  const { onHand = 0, keptBack = 0, shortage = 0 } = stock ?? {};
  const available = homeQuotas.reduce((total, quota) => total + quota.available, 0);
  return { onHand, keptBack, shortage, available, safetyStock };
}

/** A place that has stock, as its home region knows it. */
export interface HomePlace {
  /** As this replica knows it; `undefined` only for what nobody has heard of yet. */
  readonly product: Product | undefined;
  readonly stock: Stock;
  readonly position: Position;
  /** Whether its quota is recalled: then what comes free pays what the location is owed. */
  readonly recalled: boolean;
}

/**
 * Reads a place, strongly, to settle it.
 *
 * @param home acts in the location's home region.
 * @returns `undefined` when nothing was ever booked there.
 */
export async function readHomePlace(
  home: Dependencies,
  { tenantId, sku, locationId }: StockKey,
): Promise<HomePlace | undefined> {
  const { product, stocks, quotas } = await home.store.readSku(tenantId, sku, 'strong');
  const stock = stocks.find((candidate) => candidate.locationId === locationId);
  if (stock === undefined) return undefined;
  const own = quotas.filter((quota) => quota.locationId === locationId && quota.region === home.region);
  return {
    product,
    stock,
    position: positionOf({ safetyStock: product?.safetyStock ?? 0 }, stock, own),
    recalled: own.some((quota) => quota.recalled === true),
  };
}

/**
 * The copy of the product that was read must still be the same when something is booked. A newer one that
 * arrives later finds the stock that was booked, and settles it.
 */
function guardOf(copy: Product | undefined): Condition[] {
  if (copy === undefined) return [ABSENT];
  return [
    { is: 'equal', field: 'status', value: copy.status },
    { is: 'equal', field: 'safetyStock', value: copy.safetyStock },
  ];
}

/** Finds a location. Rejections: `unknown_location`. */
export async function findLocation(
  deps: Dependencies,
  tenantId: string,
  locationId: string,
): Promise<Result<Location>> {
  const location = await deps.locations.find(tenantId, locationId);
  if (location !== undefined) return succeed(location);
  return reject({ code: 'unknown_location', detail: `There is no location ${locationId}.`, locationId });
}

/**
 * Reads a sku at a location, strongly.
 *
 * @param home acts in the location's home region.
 *
 * Rejections: `unknown_sku`.
 */
export async function readPlace(
  home: Dependencies,
  tenantId: string,
  { sku, locationId }: { readonly sku: string; readonly locationId: string },
): Promise<Result<Place>> {
  const records = await home.store.readSku(tenantId, sku, 'strong');
  const product = await knownProduct(home, tenantId, { sku, product: records.product });
  if (product?.status !== 'active') {
    return reject({ code: 'unknown_sku', detail: `There is no active product ${sku}.`, sku });
  }
  const stock = records.stocks.find((candidate) => candidate.locationId === locationId);
  const homeQuotas = records.quotas.filter(
    (quota) => quota.locationId === locationId && quota.region === home.region,
  );
  return succeed({
    product,
    productGuard: guardOf(records.product),
    stock,
    position: positionOf(product, stock, homeQuotas),
  });
}
