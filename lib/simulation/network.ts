/** Round trips between regions of three continents, and within one: the first three pairs of the list. */
const ROUND_TRIPS_MS = [70, 90, 150] as const;
const ROUND_TRIP_WITHIN_MS = 4;

/** A pair in one direction. */
const linkOf = (from: string, to: string): string => `${from}>${to}`;

/** Every ordered pair of different regions. */
export const linksBetween = (regions: readonly string[]): (readonly [from: string, to: string])[] =>
  regions.flatMap((from) => regions.filter((to) => to !== from).map((to) => [from, to] as const));

function roundTripsOf(regions: readonly string[]): Map<string, number> {
  const trips = new Map<string, number>();
  for (const region of regions) trips.set(linkOf(region, region), ROUND_TRIP_WITHIN_MS);
  let pair = 0;
  for (const [from, to] of linksBetween(regions)) {
    if (from > to) continue;
    const trip = ROUND_TRIPS_MS[pair % ROUND_TRIPS_MS.length] as number;
    trips.set(linkOf(from, to), trip).set(linkOf(to, from), trip);
    pair += 1;
  }
  return trips;
}

/** Which regions are up, and which of them hear each other. */
export class Network {
  readonly regions: readonly string[];
  readonly #roundTrips: ReadonlyMap<string, number>;
  /** How many partitions cut a link: they may overlap. */
  readonly #cuts = new Map<string, number>();
  readonly #losses = new Map<string, number>();
  readonly #listeners: (() => void)[] = [];

  constructor(regions: readonly string[]) {
    this.regions = regions;
    this.#roundTrips = roundTripsOf(regions);
  }

  roundTripMs(from: string, to: string): number {
    return this.#roundTrips.get(linkOf(from, to)) ?? ROUND_TRIP_WITHIN_MS;
  }

  isUp(region: string): boolean {
    return !this.#losses.has(region);
  }

  /** Whether what is sent now arrives. */
  reaches(from: string, to: string): boolean {
    return this.isUp(from) && this.isUp(to) && !this.#cuts.has(linkOf(from, to));
  }

  /** Lets nothing through in one direction, until it is mended as often as it was cut. */
  cut(from: string, to: string): void {
    this.#count(this.#cuts, linkOf(from, to), 1);
  }

  mend(from: string, to: string): void {
    this.#count(this.#cuts, linkOf(from, to), -1);
  }

  takeDown(region: string): void {
    this.#count(this.#losses, region, 1);
  }

  bringUp(region: string): void {
    this.#count(this.#losses, region, -1);
  }

  /** Everything is up and hears everything. */
  mendAll(): void {
    this.#cuts.clear();
    this.#losses.clear();
    this.#tell();
  }

  /** Hears when something is cut, mended, lost or regained. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #count(counts: Map<string, number>, name: string, by: number): void {
    const count = (counts.get(name) ?? 0) + by;
    if (count > 0) counts.set(name, count);
    else counts.delete(name);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
