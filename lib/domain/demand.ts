/**
 * Demand for a sku at a location in one region, as an exponentially weighted rate: recent holds count most, and
 * what was sold an hour ago hardly.
 */
import type { Quota } from './quota.ts';

export interface Demand {
  readonly tenantId: string;
  readonly sku: string;
  readonly locationId: string;
  readonly region: string;
  /** Units promised per hour, as of `sampledAtMs`. */
  readonly unitsPerHour: number;
  /** `taken` of the region's quota when it was sampled. */
  readonly taken: number;
  readonly sampledAtMs: number;
  /** Units given away since `windowStartMs`: what the velocity cap is measured against. */
  readonly moved: number;
  readonly windowStartMs: number;
  /** When it last gave units away; absent: never. */
  readonly movedAtMs?: number;
  readonly version: number;
}

/** After so long a rate has lost 63% of its weight, however little was sold. */
const MEMORY_MS = 3_600_000;

/**
 * After so many units, sold or missed, it has as well: where much is sold, a change shows within a minute, and
 * where little is sold, two sales in a row are no trend.
 */
const MEMORY_UNITS = 200;

/** Three standard deviations of a Poisson count: fewer units more than expected may be chance, and are no trend. */
const CHANCE = 3;

const HOUR_MS = 3_600_000;

/** What is left of an old rate after a while in which so many units were sold, or should have been. */
const decay = (elapsedMs: number, units: number): number =>
  Math.exp(-Math.max(0, elapsedMs / MEMORY_MS, units / MEMORY_UNITS));

/** The rate at a time, if nothing was sold since the last sample. */
export function rateAt({ unitsPerHour, sampledAtMs }: Demand, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - sampledAtMs);
  return unitsPerHour * decay(elapsedMs, (unitsPerHour * elapsedMs) / HOUR_MS);
}

/**
 * The next sample of a quota's demand: an exponentially weighted mean of the rate since the last sample and the
 * rate before. The first rate that is measured counts as it is: there is no older one to weigh it against.
 */
export function sampleDemand(quota: Quota, last: Demand | undefined, nowMs: number): Demand {
  const { tenantId, sku, locationId, region, taken = 0 } = quota;
  const own = { tenantId, sku, locationId, region, taken, sampledAtMs: nowMs };
  if (last === undefined) {
    return { ...own, unitsPerHour: 0, moved: 0, windowStartMs: nowMs, version: 1 };
  }
  const elapsedMs = Math.max(1, nowMs - last.sampledAtMs);
  const sold = Math.max(0, taken - last.taken);
  const expected = (last.unitsPerHour * elapsedMs) / HOUR_MS;
  const past = decay(elapsedMs, Math.max(expected, sold - CHANCE * Math.sqrt(1 + expected)));
  return {
    ...last,
    ...own,
    unitsPerHour: past * last.unitsPerHour + ((1 - past) * sold * HOUR_MS) / elapsedMs,
    version: last.version + 1,
  };
}
