/** What is in stock. One arithmetic for every answer, whether it is made of a rollup or of the records themselves. */
import type { Quota } from './quota.ts';
import type { CommittedUnits, SeenReservation } from './rollup.ts';
import type { Stock } from './stock.ts';
import { type SeenClaim, unitsByLocation } from './unit-claims.ts';

/** Units of one sku at one location. At rest `onHand + shortage = available + held + committed + keptBack`. */
export interface LocationStock {
  readonly locationId: string;
  /** Home of the location, as far as it is known. */
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

/** What the arithmetic needs: a rollup has it, and so have the records. */
export interface StockView {
  readonly stocks: readonly Pick<Stock, 'locationId' | 'region' | 'onHand' | 'keptBack' | 'shortage'>[];
  readonly quotas: readonly Pick<Quota, 'locationId' | 'region' | 'available' | 'promised'>[];
  readonly committed: readonly CommittedUnits[];
}

export const totalOf = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

/**
 * The stock at every location. How many units are promised is exact in each quota; how many of them are confirmed is
 * told by the reservations, perhaps a moment earlier or later, so it is never more than what is promised.
 */
export function stockOf({ stocks, quotas, committed }: StockView): LocationStock[] {
  const ids = new Set([...stocks, ...quotas].map(({ locationId }) => locationId));
  return [...ids].sort().map((locationId) => {
    const isHere = (entry: { readonly locationId: string }) => entry.locationId === locationId;
    const stock = stocks.find(isHere);
    const own = quotas.filter(isHere);
    const promised = totalOf(own.map((quota) => quota.promised));
    const confirmed = totalOf(committed.filter(isHere).map(({ units }) => units));
    return {
      locationId,
      region: stock?.region ?? own[0]?.region ?? '',
      onHand: stock?.onHand ?? 0,
      available: totalOf(own.map((quota) => quota.available)),
      held: Math.max(0, promised - confirmed),
      committed: Math.min(promised, confirmed),
      keptBack: stock?.keptBack ?? 0,
      shortage: stock?.shortage ?? 0,
    };
  });
}

/** What each region may promise. */
export const availableByRegion = ({ quotas }: StockView, regions: readonly string[]) =>
  regions.map((region) => ({
    region,
    available: totalOf(quotas.filter((quota) => quota.region === region).map(({ available }) => available)),
  }));

/** Units of a sku that are confirmed and not shipped. `recent`: what these reservations say wins over their claims. */
export function committedUnits(
  claims: readonly SeenClaim[],
  sku: string,
  recent: readonly SeenReservation[] = [],
): CommittedUnits[] {
  const overlaid = new Set(recent.map(({ id }) => id));
  const confirmed = claims.filter(({ id, status }) => status !== 'held' && !overlaid.has(id));
  const units = unitsByLocation(
    confirmed.flatMap((seen) => seen.claims),
    sku,
  );
  for (const { committed } of recent) {
    for (const entry of committed) {
      units.set(entry.locationId, (units.get(entry.locationId) ?? 0) + entry.units);
    }
  }
  return [...units]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([locationId, count]) => ({ locationId, units: count }));
}
