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
  /** Units that it is expected to sell in an hour. */
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

/** Every region keeps this part of an equal share, also where nobody has bought yet: demand may move there. */
const FLOOR_SHARE = 0.2;

/** A region is helped when it has less than this part of its share: between that and all of it, nothing sloshes. */
const LOW_WATER = 0.25;

/** A region that has enough for so long is not helped, whatever its share: demand may have moved on by then. */
const COVER_HOURS = 0.25;

/** A region is helped while it still has what it sells until help arrives: streams and replication take seconds. */
const REACTION_HOURS = 10 / 3600;

/** Near the end of a stock that would be nearly always; a region with more than this part of its share waits. */
const HIGH_WATER = 0.6;

/**
 * As a part of all units, at most this leaves a region within a minute: no unit goes to and fro within it. What a
 * wrong forecast may do at once is bounded by the giver's own share, which it always keeps.
 */
const CAP_PER_MINUTE = 1;

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

/** A region with what it should have. */
interface Aimed extends RegionUnits {
  /** Its units, on their way or there. */
  readonly has: number;
  readonly target: number;
}

function aim(units: readonly RegionUnits[], shares: ReadonlyMap<string, number>): Aimed[] {
  const total = sum(units.map(({ available, coming }) => available + coming));
  const asked = sum(units.map(({ region }) => shares.get(region) ?? 0));
  return units.map((each) => {
    const share = asked === 0 ? 0 : (shares.get(each.region) ?? 0) / asked;
    return { ...each, has: each.available + each.coming, target: Math.floor(total * share) };
  });
}

/** What each region must have not to be helped, as a part of its target. */
function lowWater(aimed: readonly Aimed[]): (each: Aimed) => number {
  const total = sum(aimed.map(({ has }) => has));
  const demand = sum(aimed.map((each) => each.demand));
  const usual = demand > 0 ? Math.min(LOW_WATER, (demand * COVER_HOURS) / total) : LOW_WATER;
  return (each) =>
    Math.max(usual * each.target, Math.min(HIGH_WATER * each.target, each.demand * REACTION_HOURS));
}

/** Of several that could give, one does: they do not hear of each other in time. */
function isRichest(own: Aimed, aimed: readonly Aimed[]): boolean {
  const surplus = own.available - own.target;
  return aimed.every((each) => {
    const others = each.available - each.target;
    return others < surplus || (others === surplus && each.region >= own.region);
  });
}

/** What the region gives to whom; nothing when all have about what they need. */
export function planRebalance(units: readonly RegionUnits[], options: RebalanceOptions): RebalanceMove[] {
  const { giver, moved, targets } = options;
  const isOrdered = targets !== undefined;
  const aimed = aim(units, targets ?? sharesOf(units));
  const total = sum(aimed.map(({ has }) => has));
  const own = aimed.find(({ region }) => region === giver);
  if (own === undefined || (!isOrdered && (total < SMALL_STOCK || !isRichest(own, aimed)))) return [];
  const cap = isOrdered ? total : Math.floor(total * CAP_PER_MINUTE) - moved;
  const level = isOrdered ? ({ target }: Aimed) => target : lowWater(aimed);
  const left = Math.max(0, Math.min(own.available - own.target, cap));
  const needy = aimed.filter((each) => each.region !== giver && each.has < level(each));
  const needed = sum(needy.map(({ has, target }) => target - has));
  return needy.flatMap(({ region: to, has, target }): RebalanceMove[] => {
    const quantity = Math.floor(((target - has) * Math.min(needed, left)) / needed);
    return quantity > 0 ? [{ to, quantity }] : [];
  });
}
