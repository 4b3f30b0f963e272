/** What a sku's location looks like before something is booked there. */
import type { Product } from '../domain/catalogue.ts';
import type { Quota } from '../domain/quota.ts';
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { Position } from '../domain/settlement.ts';
import type { Stock } from '../domain/stock.ts';
import type { Dependencies } from './ports.ts';

export interface Place {
  readonly product: Product;
  /** `undefined`: nothing was ever booked there. */
  readonly stock: Stock | undefined;
  readonly position: Position;
  /** Units that were shipped and are not in the ledger yet. */
  readonly unbooked: number;
}

const sum = (quotas: readonly Quota[], field: 'available' | 'promised'): number =>
  quotas.reduce((total, quota) => total + quota[field], 0);

/** A place from records that were read together. */
export function placeOf(product: Product, stock: Stock | undefined, quotas: readonly Quota[]): Place {
  const { onHand = 0, keptBack = 0, shortage = 0 } = stock ?? {};
  const available = sum(quotas, 'available');
  return {
    product,
    stock,
    position: { onHand, keptBack, shortage, available, safetyStock: product.safetyStock },
    unbooked: onHand + shortage - keptBack - available - sum(quotas, 'promised'),
  };
}

/**
 * Reads a sku at a location, strongly.
 *
 * Rejections: `unknown_sku`, `unknown_location`, `region_unavailable`.
 */
export async function readPlace(
  deps: Dependencies,
  tenantId: string,
  { sku, locationId }: { readonly sku: string; readonly locationId: string },
): Promise<Result<Place>> {
  const [records, location] = await Promise.all([
    deps.store.readSku(tenantId, sku, 'strong'),
    deps.locations.find(tenantId, locationId),
  ]);
  if (records.product?.status !== 'active') {
    return reject({ code: 'unknown_sku', detail: `There is no active product ${sku}.`, sku });
  }
  if (location === undefined) {
    return reject({ code: 'unknown_location', detail: `There is no location ${locationId}.`, locationId });
  }
  if (location.region !== deps.region) {
    const detail = `Stock at ${locationId} is written in ${location.region}, which cannot be reached from here.`;
    return reject({ code: 'region_unavailable', detail });
  }
  const stock = records.stocks.find((candidate) => candidate.locationId === locationId);
  const quotas = records.quotas.filter((candidate) => candidate.locationId === locationId);
  return succeed(placeOf(records.product, stock, quotas));
}
