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
  readonly version: number;
}

/** After so long a rate has lost 63% of its weight: demand moves over the day, not within a minute. */
const MEMORY_MS = 600_000;
const HOUR_MS = 3_600_000;

/** What is left of an old rate after a while without another sale. */
const decay = (elapsedMs: number): number => Math.exp(-Math.max(0, elapsedMs) / MEMORY_MS);

/** The rate at a time, if nothing was sold since the last sample. */
export const rateAt = ({ unitsPerHour, sampledAtMs }: Demand, nowMs: number): number =>
  unitsPerHour * decay(nowMs - sampledAtMs);

/**
 * The next sample of a quota's demand: an exponentially weighted mean of the rate since the last sample and the
 * rate before (the weight of the past is `exp(-elapsed / memory)`, as in a Unix load average).
 */
export function sampleDemand(quota: Quota, last: Demand | undefined, nowMs: number): Demand {
  const { tenantId, sku, locationId, region, taken = 0 } = quota;
  const own = { tenantId, sku, locationId, region, taken, sampledAtMs: nowMs };
  if (last === undefined) {
    return { ...own, unitsPerHour: 0, moved: 0, windowStartMs: nowMs, version: 1 };
  }
  const elapsedMs = Math.max(1, nowMs - last.sampledAtMs);
  const recent = (Math.max(0, taken - last.taken) * HOUR_MS) / elapsedMs;
  const past = decay(elapsedMs);
  return {
    ...last,
    ...own,
    unitsPerHour: past * last.unitsPerHour + (1 - past) * recent,
    version: last.version + 1,
  };
}
