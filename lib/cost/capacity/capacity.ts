import { WARM_READS_MIN, WARM_UNITS_MAX, WARM_WRITES_MIN } from '../../config/context.ts';
import { BYTES_PER_ANSWER, ENTRIES, KB_PER_ENTRY, totalOf } from '../flow.ts';
import { grownGbPerMonth } from '../parts/database.ts';
import { BYTES_PER_WRITE_UNIT } from '../parts/transfer.ts';
import { DAYS_PER_MONTH, operationsPerDay } from '../workload.ts';
import { type BusyFunction, busyFunctions } from './environments.ts';
import { FRONT_LIMITS } from './front-limits.ts';
import type { Limit } from './limit.ts';
import { type Demand, type Load, loadOf } from './load.ts';
import { SPINE_LIMITS } from './spine-limits.ts';
import { TABLE_LIMITS } from './table-limits.ts';

const KB_PER_GB = 1e6;
const BYTES_PER_MB = 1e6;

/** What comes overnight, when somebody famous names the shop. */
export const OVERNIGHT = 10;

/** When a quota is to be raised: AWS may take days, and a peak does not wait. */
export const RAISED_AT_SHARE = 0.5;

export const LIMITS: readonly Limit[] = [...FRONT_LIMITS, ...TABLE_LIMITS, ...SPINE_LIMITS];

/** How much of a limit is used. */
export interface LimitUse {
  readonly limit: Limit;
  readonly most: number;
  readonly average: number;
  readonly peak: number;
  readonly overnight: number;
  /** Orders a day at which its peak uses half; absent when load does not matter to it, or it grows with the load. */
  readonly halfAtOrdersPerDay: number | undefined;
}

/** A value for `-c warmReads=` or `-c warmWrites=`. */
export interface Warmth {
  readonly name: 'warmWrites' | 'warmReads';
  readonly units: number;
  /** Absent: the table takes as much anyway. */
  readonly value: number | undefined;
  /** The quota of the table has to be raised first. */
  readonly beyondQuota: boolean;
}

export interface Capacity {
  readonly demand: Demand;
  readonly average: Load;
  readonly peak: Load;
  readonly overnight: Load;
  readonly functions: readonly (BusyFunction & { readonly overnight: number })[];
  /** The one that bites first is the first. */
  readonly limits: readonly LimitUse[];
  readonly warm: { readonly peak: readonly Warmth[]; readonly overnight: readonly Warmth[] };
  /** In each region. */
  readonly storedGb: number;
  readonly grownGbPerDay: number;
  readonly logGbPerDay: number;
  readonly peakMbPerSecond: { readonly answers: number; readonly toEachRegion: number };
}

/** A quarter more than what is expected, in whole thousands. */
function warmthOf(name: Warmth['name'], units: number): Warmth {
  const least = name === 'warmReads' ? WARM_READS_MIN : WARM_WRITES_MIN;
  const wanted = Math.ceil((units * 1.25) / 1_000) * 1_000;
  const value = wanted <= least ? undefined : Math.min(wanted, WARM_UNITS_MAX);
  return { name, units, value, beyondQuota: wanted > WARM_UNITS_MAX };
}

const warmFor = ({ writeUnits, readUnits }: Load): Warmth[] => [
  warmthOf('warmWrites', writeUnits),
  warmthOf('warmReads', readUnits),
];

/** What is asked of everything that takes so much and no more, at the average, at the peak, and at ten times the peak. */
export function capacityOf(demand: Demand): Capacity {
  const { workload, peakFactor } = demand;
  const average = loadOf(demand, 1);
  const peak = loadOf(demand, peakFactor);
  const overnight = loadOf(demand, peakFactor * OVERNIGHT);
  const limits = LIMITS.map((limit): LimitUse => {
    const most = limit.most(peak);
    const share = (load: Load) => limit.used(load, demand) / most;
    const grows = !limit.elastic && share(overnight) > share(peak);
    return {
      limit,
      most,
      average: share(average),
      peak: share(peak),
      overnight: share(overnight),
      halfAtOrdersPerDay: grows ? (workload.ordersPerDay * RAISED_AT_SHARE) / share(peak) : undefined,
    };
  });
  const later = busyFunctions(overnight, workload);
  const daily = operationsPerDay(workload);
  const grownGb = grownGbPerMonth(workload);
  return {
    demand,
    average,
    peak,
    overnight,
    functions: busyFunctions(peak, workload).map((one, index) => ({
      ...one,
      overnight: later[index]?.environments ?? 0,
    })),
    limits: limits.toSorted((a, b) => b.overnight - a.overnight),
    warm: { peak: warmFor(peak), overnight: warmFor(overnight) },
    storedGb: grownGb * workload.months,
    grownGbPerDay: grownGb / DAYS_PER_MONTH,
    logGbPerDay: (totalOf(daily, ENTRIES) * KB_PER_ENTRY) / KB_PER_GB / workload.regions,
    peakMbPerSecond: {
      answers: (peak.requests * BYTES_PER_ANSWER) / BYTES_PER_MB,
      toEachRegion:
        workload.regions === 1
          ? 0
          : (peak.writeUnits * BYTES_PER_WRITE_UNIT) / workload.regions / BYTES_PER_MB,
    },
  };
}
