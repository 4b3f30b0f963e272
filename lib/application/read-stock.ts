/** What is in stock: read from the items that own it, all with the same arithmetic. */
import { type Result, reject, succeed } from '../domain/rejection.ts';
import { claimsOfReservation, type SeenClaim, unitsByLocation } from '../domain/unit-claims.ts';
import { anyProduct, openReservations, readSkuEverywhere } from './owned-records.ts';
import type { Consistency, Dependencies, SkuRecords } from './ports.ts';

/** Units of one sku at one location. At rest `onHand + shortage = available + held + committed + keptBack`. */
export interface LocationStock {
  readonly locationId: string;
  readonly region: string;
  readonly onHand: number;
  readonly available: number;
  /** In open holds. */
  readonly held: number;
  /** Confirmed and not yet shipped. */
  readonly committed: number;
  readonly keptBack: number;
  readonly shortage: number;
}

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

/** Units that confirmed reservations still claim, by location. */
const committedUnits = (claims: readonly SeenClaim[], sku: string): Map<string, number> =>
  unitsByLocation(
    claims.filter(({ status }) => status !== 'held').flatMap((seen) => seen.claims),
    sku,
  );

/** Who claims units: as the index showed it a moment ago, or as the reservations say now. */
async function readClaims(
  deps: Dependencies,
  tenantId: string,
  { sku, consistency }: StockQuery,
): Promise<readonly SeenClaim[]> {
  if (consistency === 'eventual') return (await deps.claims.on(tenantId, sku)).claims;
  const reservations = await openReservations(deps, tenantId, sku);
  return reservations.map((reservation) => ({
    status: reservation.status,
    expiresAtMs: reservation.expiresAtMs,
    claims: claimsOfReservation(reservation),
  }));
}

/** Which units are promised is exact; who of them is confirmed is told by the reservations themselves. */
function describeStock(records: SkuRecords, claims: readonly SeenClaim[], sku: string): LocationStock[] {
  const committedAt = committedUnits(claims, sku);
  const ids = new Set([...records.stocks, ...records.quotas].map(({ locationId }) => locationId));
  return [...ids].sort().map((locationId) => {
    const stock = records.stocks.find((candidate) => candidate.locationId === locationId);
    const quotas = records.quotas.filter((candidate) => candidate.locationId === locationId);
    const promised = quotas.reduce((sum, quota) => sum + quota.promised, 0);
    const committed = Math.min(promised, committedAt.get(locationId) ?? 0);
    return {
      locationId,
      region: stock?.region ?? quotas[0]?.region ?? '',
      onHand: stock?.onHand ?? 0,
      available: quotas.reduce((sum, quota) => sum + quota.available, 0),
      held: promised - committed,
      committed,
      keptBack: stock?.keptBack ?? 0,
      shortage: stock?.shortage ?? 0,
    };
  });
}

function availableByRegion({ quotas }: SkuRecords, regions: readonly string[]) {
  return regions.map((region) => ({
    region,
    available: quotas
      .filter((quota) => quota.region === region)
      .reduce((sum, quota) => sum + quota.available, 0),
  }));
}

/**
 * The stock of one sku at every location.
 *
 * `eventual` is one read, and a second where units are promised; `strong` reads every source as it is now, in
 * every region.
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
  const records =
    consistency === 'strong'
      ? await readSkuEverywhere(deps, tenantId, sku)
      : await deps.store.readSku(tenantId, sku, consistency);
  if ((await anyProduct(deps, tenantId, { sku, product: records.product })) === undefined)
    return reject({ code: 'not_found', detail: `There is no product ${sku}.` });
  const isPromised = records.quotas.some(({ promised }) => promised > 0);
  const claims = isPromised ? await readClaims(deps, tenantId, query) : [];
  return succeed({
    sku,
    asOfMs,
    locations: describeStock(records, claims, sku),
    regions: availableByRegion(records, deps.regions),
  });
}

export type Availability =
  | { readonly sku: string; readonly available: number; readonly onHand: number; readonly asOfMs: number }
  | { readonly sku: string; readonly error: 'not_found' };

/** Skus read side by side: enough to hide the latency, few enough not to crowd the connection pool. */
const SKUS_AT_ONCE = 25;

function availabilityOf(sku: string, records: SkuRecords, asOfMs: number): Availability {
  if (records.product === undefined) return { sku, error: 'not_found' };
  const units = describeStock(records, [], sku);
  return {
    sku,
    available: units.reduce((sum, { available }) => sum + available, 0),
    onHand: units.reduce((sum, { onHand }) => sum + onHand, 0),
    asOfMs,
  };
}

/** A sku as this replica knows it; whether it exists is asked of its owner, should this replica not know. */
async function readKnown(deps: Dependencies, tenantId: string, sku: string): Promise<SkuRecords> {
  const records = await deps.store.readSku(tenantId, sku, 'eventual');
  const product = await anyProduct(deps, tenantId, { sku, product: records.product });
  return { ...records, product };
}

/** Availability of up to 100 skus, in the order asked; a sku that is asked twice is read once. */
export async function readAvailability(
  deps: Dependencies,
  tenantId: string,
  skus: readonly string[],
): Promise<Availability[]> {
  const asOfMs = deps.clock.now();
  const unique = [...new Set(skus)];
  const found = new Map<string, Availability>();
  for (let start = 0; start < unique.length; start += SKUS_AT_ONCE) {
    const batch = unique.slice(start, start + SKUS_AT_ONCE);
    const records = await Promise.all(batch.map((sku) => readKnown(deps, tenantId, sku)));
    for (const [index, sku] of batch.entries()) {
      const read = records[index];
      if (read !== undefined) found.set(sku, availabilityOf(sku, read, asOfMs));
    }
  }
  return skus.flatMap((sku) => found.get(sku) ?? []);
}

/** Whether a product still has units anywhere, or promises any. */
export const isInUse = ({ stocks, quotas, grants }: SkuRecords): boolean =>
  stocks.some(({ onHand, shortage }) => onHand > 0 || shortage > 0) ||
  quotas.some(({ available, promised }) => available > 0 || promised > 0) ||
  grants.length > 0;
