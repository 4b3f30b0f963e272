/**
 * Which locations a reservation takes its units from. The default strategy: lines that name a location take
 * from it; all others from one location if one has it all, else line by line, each from one location if one
 * has it all, else from several. Lower priority number first, then the location's id.
 */

export interface RequestedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly locationId?: string;
}

/** Units of one quota that may be promised. */
export interface Supply {
  readonly sku: string;
  readonly locationId: string;
  /** The location's home region. */
  readonly region: string;
  readonly shard: number;
  readonly available: number;
  /** Units that others have: why a line may have to wait. */
  readonly promised: number;
}

export interface SourcedUnits {
  readonly locationId: string;
  readonly region: string;
  readonly shard: number;
  readonly quantity: number;
}

/** For each requested line, in order, where its units come from; less than it asked for when supply is short. */
export type Sourced = readonly (readonly SourcedUnits[])[];

/** A strategy: pure, and free to leave a line short. */
export type Sourcing = (
  lines: readonly RequestedLine[],
  supply: readonly Supply[],
  priorityOf: (locationId: string) => number,
) => Sourced;

interface Pool {
  readonly supply: Supply;
  left: number;
}

const unitsOf = (sourced: readonly SourcedUnits[]): number =>
  sourced.reduce((sum, { quantity }) => sum + quantity, 0);

/** Whether a line got all it asked for. */
export const isMet = (line: RequestedLine, sourced: readonly SourcedUnits[]): boolean =>
  unitsOf(sourced) === line.quantity;

function takeFrom(pools: readonly Pool[], quantity: number): SourcedUnits[] {
  const taken: SourcedUnits[] = [];
  let wanted = quantity;
  for (const pool of pools) {
    const units = Math.min(wanted, pool.left);
    if (units === 0) continue;
    const { locationId, region, shard } = pool.supply;
    taken.push({ locationId, region, shard, quantity: units });
    pool.left -= units;
    wanted -= units;
  }
  return taken;
}

const total = (pools: readonly Pool[]): number => pools.reduce((sum, pool) => sum + pool.left, 0);

class Pools {
  readonly #pools: readonly Pool[];
  /** Locations in the order they are tried. */
  readonly locations: readonly string[];

  constructor(supply: readonly Supply[], priorityOf: (locationId: string) => number) {
    const ranked = [...new Set(supply.map(({ locationId }) => locationId))].map(
      (locationId) => [priorityOf(locationId), locationId] as const,
    );
    ranked.sort(([a, idA], [b, idB]) => a - b || (idA < idB ? -1 : 1));
    this.locations = ranked.map(([, locationId]) => locationId);
    const rank = new Map(this.locations.map((locationId, index) => [locationId, index]));
    this.#pools = supply
      .map((entry) => ({ supply: entry, left: Math.max(0, entry.available) }))
      .sort(
        (a, b) =>
          (rank.get(a.supply.locationId) ?? 0) - (rank.get(b.supply.locationId) ?? 0) ||
          a.supply.shard - b.supply.shard,
      );
  }

  of(sku: string, locationId?: string): Pool[] {
    return this.#pools.filter(
      ({ supply }) => supply.sku === sku && (locationId === undefined || supply.locationId === locationId),
    );
  }
}

function sourceLine(line: RequestedLine, pools: Pools): SourcedUnits[] {
  const whole = pools.locations.find((locationId) => total(pools.of(line.sku, locationId)) >= line.quantity);
  return takeFrom(pools.of(line.sku, whole), line.quantity);
}

/** The default strategy. */
export const sourceByPriority: Sourcing = (lines, supply, priorityOf) => {
  const pools = new Pools(supply, priorityOf);
  const sourced = new Map<RequestedLine, SourcedUnits[]>();
  for (const line of lines) {
    if (line.locationId === undefined) continue;
    sourced.set(line, takeFrom(pools.of(line.sku, line.locationId), line.quantity));
  }
  const open = lines.filter(({ locationId }) => locationId === undefined);
  const forAll = pools.locations.find((locationId) =>
    open.every(({ sku, quantity }) => total(pools.of(sku, locationId)) >= quantity),
  );
  for (const line of open) {
    sourced.set(
      line,
      forAll === undefined ? sourceLine(line, pools) : takeFrom(pools.of(line.sku, forAll), line.quantity),
    );
  }
  return lines.map((line) => sourced.get(line) ?? []);
};
