import { CHANGES, ENTRIES, EVENTS, KB_PER_ENTRY, totalOf } from '../flow.ts';
import { unitsOfOperations } from '../parts/database.ts';
import type { OperationName } from '../units.ts';
import { operationsPerDay, requestsOf, type Workload } from '../workload.ts';

const SECONDS_PER_DAY = 86_400;
const KB_PER_MIB = 1_048.576;

/** A workload, and how unevenly it comes. */
export interface Demand {
  readonly workload: Workload;
  /** How many times the average the busiest hour of a usual day has. */
  readonly peakFactor: number;
  /** Of all requests, those of the busiest tenant. */
  readonly tenantShare: number;
  /** Of all lines of holds, those of the busiest sku. */
  readonly skuShare: number;
}

/** What happens in a second, in one region, of those that share the load evenly. */
export interface Load {
  /** Operations that begin in this region. */
  readonly operations: Record<OperationName, number>;
  readonly requests: number;
  /** Units of the table and of the read model; every region carries the writes of all. */
  readonly writeUnits: number;
  readonly readUnits: number;
  /** That its stream shows: its own and those of the other regions. */
  readonly changes: number;
  readonly orderMessages: number;
  readonly events: number;
  readonly deliveries: number;
  readonly logMib: number;
  readonly tenant: TenantLoad;
  readonly sku: SkuLoad;
}

interface TenantLoad {
  readonly requests: number;
  readonly takes: number;
  /** In all regions: each has the index entries of all. */
  readonly holds: number;
}

interface SkuLoad {
  /** Transactions on its quota in this region. */
  readonly quotaTransactions: number;
  /** In all regions. */
  readonly holds: number;
}

function skuLoadOf(operations: Record<OperationName, number>, { workload, skuShare }: Demand): SkuLoad {
  const { hold, ship, release, expire, receipt } = operations;
  const ofSku = workload.lines * skuShare;
  return {
    quotaTransactions: ((hold + ship + release + expire) * ofSku + receipt * skuShare) / workload.regions,
    holds: hold * ofSku,
  };
}

/** @param factor how many times the average. */
export function loadOf(demand: Demand, factor: number): Load {
  const { workload, tenantShare } = demand;
  const { regions } = workload;
  const perSecond = factor / SECONDS_PER_DAY;
  const everywhere = operationsPerDay({ ...workload, ordersPerDay: workload.ordersPerDay * perSecond });
  const here = operationsPerDay({ ...workload, ordersPerDay: (workload.ordersPerDay * perSecond) / regions });
  const units = unitsOfOperations(everywhere, workload);
  const requests = requestsOf(here);
  return {
    operations: here,
    requests,
    writeUnits: units.writes + units.takes / regions,
    readUnits: units.reads / regions,
    changes: totalOf(everywhere, CHANGES),
    orderMessages: here.confirm,
    events: totalOf(here, EVENTS),
    deliveries: here.confirm * workload.webhooksPerOrder,
    logMib: (totalOf(here, ENTRIES) * KB_PER_ENTRY) / KB_PER_MIB,
    tenant: {
      requests: requests * tenantShare,
      takes: requests * tenantShare * workload.limitedShare * workload.takesPerRequest,
      holds: everywhere.hold * tenantShare,
    },
    sku: skuLoadOf(everywhere, demand),
  };
}
