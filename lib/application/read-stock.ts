/** What is in stock: read from the items that own it, all with the same arithmetic. */
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { Reservation } from '../domain/reservation.ts';
import { stateOf } from '../domain/reservation-state.ts';
import type { Claims, Consistency, Dependencies, SkuRecords } from './ports.ts';

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

export interface SkuStock {
  readonly sku: string;
  readonly asOfMs: number;
  readonly locations: readonly LocationStock[];
  readonly regions: readonly { readonly region: string; readonly available: number }[];
}

/** Units of the sku that confirmed reservations have not shipped, by location. */
function committedUnits(reservations: readonly Reservation[], sku: string): Map<string, number> {
  const committed = new Map<string, number>();
  for (const reservation of reservations) {
    if (reservation.status === 'held') continue;
    for (const line of stateOf(reservation).lines) {
      if (line.sku !== sku) continue;
      for (const { locationId, left } of line.allocations) {
        committed.set(locationId, (committed.get(locationId) ?? 0) + left);
      }
    }
  }
  return committed;
}

const NO_CLAIMS: Claims = { reservations: [], unbookedShipments: [] };

/** Which units are promised is exact; who of them is confirmed is told by the reservations themselves. */
function describeStock(records: SkuRecords, claims: Claims, sku: string): LocationStock[] {
  const committedAt = committedUnits(claims.reservations, sku);
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
 * `eventual` is one read, and a second where units are promised; `strong` reads every source as it is now.
 * Rejections: `not_found`.
 */
export async function readStock(
  deps: Dependencies,
  tenantId: string,
  { sku, consistency }: { readonly sku: string; readonly consistency: Consistency },
): Promise<Result<SkuStock>> {
  const asOfMs = deps.clock.now();
  const records = await deps.store.readSku(tenantId, sku, consistency);
  if (records.product === undefined)
    return reject({ code: 'not_found', detail: `There is no product ${sku}.` });
  const isPromised = records.quotas.some(({ promised }) => promised > 0);
  const claims = isPromised ? await deps.store.claimsOn(tenantId, sku) : NO_CLAIMS;
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
  const units = describeStock(records, NO_CLAIMS, sku);
  return {
    sku,
    available: units.reduce((sum, { available }) => sum + available, 0),
    onHand: units.reduce((sum, { onHand }) => sum + onHand, 0),
    asOfMs,
  };
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
    const records = await Promise.all(batch.map((sku) => deps.store.readSku(tenantId, sku, 'eventual')));
    for (const [index, sku] of batch.entries()) {
      const read = records[index];
      if (read !== undefined) found.set(sku, availabilityOf(sku, read, asOfMs));
    }
  }
  return skus.flatMap((sku) => found.get(sku) ?? []);
}

/** Whether a product still has units anywhere, or promises any. */
export const isInUse = ({ stocks, quotas }: SkuRecords): boolean =>
  stocks.some(({ onHand, shortage }) => onHand > 0 || shortage > 0) ||
  quotas.some(({ available, promised }) => available > 0 || promised > 0);
