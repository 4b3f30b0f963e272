/**
 * Which units of a sku at a location a region should give away, so that each has its share of them: the share of
 * the demand it is expected to meet. Pure arithmetic; whatever it says, the grants themselves keep every unit.
 */

/** The units of one region. */
export interface RegionUnits {
  readonly region: string;
  /** Units that it may sell now. */
  readonly available: number;
  /** Units on their way to it. */
  readonly coming: number;
  /** What it is expected to sell, in any unit: only the proportions matter. */
  readonly demand: number;
}

export interface RebalanceOptions {
  /** The region that decides; only its own units move. */
  readonly giver: string;
  /** Units it gave away within the last minute. */
  readonly moved: number;
  /** Shares by region that somebody asked for: neither hysteresis nor cap hold then. */
  readonly targets?: ReadonlyMap<string, number>;
}

export interface RebalanceMove {
  readonly to: string;
  readonly quantity: number;
}

/** Fewer units than this stay whole in one region: split, they would be missed wherever the shopper asks. */
export const SMALL_STOCK = 200;

/** Every region keeps this part of an equal share, also where nobody has bought yet. */
const FLOOR_SHARE = 0.3;

/** A region is helped when it has less than this part of its share: between that and all of it, nothing sloshes. */
const LOW_WATER = 0.5;

/** Of all units, at most this part leaves a region within a minute: a wrong forecast must not empty it at once. */
const CAP_PER_MINUTE = 0.5;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The share of each region: its part of the demand, but never less than the floor. */
export function sharesOf(units: readonly RegionUnits[]): Map<string, number> {
  const demand = sum(units.map((each) => each.demand));
  const floor = FLOOR_SHARE / units.length;
  return new Map(
    units.map(({ region, demand: own }) => {
      const share = demand > 0 ? own / demand : 1 / units.length;
      return [region, floor + (1 - FLOOR_SHARE) * share];
    }),
  );
}

/** What the region gives to whom; nothing when all have about what they need. */
export function planRebalance(units: readonly RegionUnits[], options: RebalanceOptions): RebalanceMove[] {
  const { giver, moved, targets } = options;
  const total = sum(units.map(({ available, coming }) => available + coming));
  const own = units.find(({ region }) => region === giver);
  if (own === undefined || (targets === undefined && total < SMALL_STOCK)) return [];
  const shares = targets ?? sharesOf(units);
  const asked = sum(units.map(({ region }) => shares.get(region) ?? 0));
  const targetOf = ({ region }: RegionUnits) =>
    asked === 0 ? 0 : Math.floor((total * (shares.get(region) ?? 0)) / asked);
  const cap = targets === undefined ? Math.floor(total * CAP_PER_MINUTE) - moved : total;
  let left = Math.max(0, Math.min(own.available - targetOf(own), cap));
  const threshold = targets === undefined ? LOW_WATER : 1;
  const needy = units
    .filter((each) => each.region !== giver && each.available + each.coming < threshold * targetOf(each))
    .sort((a, b) => a.available + a.coming - (b.available + b.coming) || (a.region < b.region ? -1 : 1));
  return needy.flatMap((each): RebalanceMove[] => {
    const quantity = Math.min(left, targetOf(each) - each.available - each.coming);
    left -= quantity;
    return quantity > 0 ? [{ to: each.region, quantity }] : [];
  });
}
