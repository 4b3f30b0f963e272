/** Round trips between regions of three continents, and within one: the first three pairs of the list. */
const ROUND_TRIPS_MS = [70, 90, 150] as const;
const ROUND_TRIP_WITHIN_MS = 4;

/** A pair in one direction. */
const linkOf = (from: string, to: string): string => `${from}>${to}`;

/** Every ordered pair of different regions. */
export const linksBetween = (regions: readonly string[]): (readonly [from: string, to: string])[] =>
  regions.flatMap((from) => regions.filter((to) => to !== from).map((to) => [from, to] as const));

/** By the region a call comes from, then by the one it goes to: it is asked for with every call. */
type RoundTrips = ReadonlyMap<string, ReadonlyMap<string, number>>;

function roundTripsOf(regions: readonly string[]): RoundTrips {
  const trips = new Map(regions.map((region) => [region, new Map([[region, ROUND_TRIP_WITHIN_MS]])]));
  let pair = 0;
  for (const [from, to] of linksBetween(regions)) {
    if (from > to) continue;
    const tripMs = ROUND_TRIPS_MS[pair % ROUND_TRIPS_MS.length] as number;
    trips.get(from)?.set(to, tripMs);
    trips.get(to)?.set(from, tripMs);
    pair += 1;
  }
  return trips;
}

/** Which regions are up, and which of them hear each other. */
export class Network {
  readonly regions: readonly string[];
  readonly #roundTrips: RoundTrips;
  /** How many partitions cut a link: they may overlap. */
  readonly #cuts = new Map<string, number>();
  readonly #losses = new Map<string, number>();
  readonly #listeners: (() => void)[] = [];

  constructor(regions: readonly string[]) {
    this.regions = regions;
    this.#roundTrips = roundTripsOf(regions);
  }

  roundTripMs(from: string, to: string): number {
    return this.#roundTrips.get(from)?.get(to) ?? ROUND_TRIP_WITHIN_MS;
  }

  isUp(region: string): boolean {
    return !this.#losses.has(region);
  }

  /** Whether what is sent now arrives. */
  reaches(from: string, to: string): boolean {
    if (!this.isUp(from) || !this.isUp(to)) return false;
    return this.#cuts.size === 0 || !this.#cuts.has(linkOf(from, to));
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
