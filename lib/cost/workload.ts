import type { OperationName } from './units.ts';

/** What a stage is asked to do, and what is assumed of it. */
export interface Workload {
  readonly ordersPerDay: number;
  /** Lines of an order, each of another sku. */
  readonly lines: number;
  /** Looks at the stock of one sku for each order. */
  readonly readsPerOrder: number;
  readonly regions: number;
  /** Holds for each order that is confirmed: the others' shoppers leave. */
  readonly holdsPerOrder: number;
  /** Of the holds that are not confirmed, how many are released; the others expire. */
  readonly releasedShare: number;
  /** Receipts for each line sold: goods come in larger lots than they leave in. */
  readonly receiptsPerLine: number;
  /** Deliveries to webhooks for each order. */
  readonly webhooksPerOrder: number;
  /** Of the reads, how many the memory of an environment answers. */
  readonly rememberedReadsShare: number;
  /** Of the requests, how many the gateway judges by what it remembers of the key. */
  readonly rememberedKeysShare: number;
  /** Of the requests, how many are of tenants with limits. */
  readonly limitedShare: number;
  /** Takes from the bucket of such a tenant for each of its requests: one, unless environments are few and busy. */
  readonly takesPerRequest: number;
  /** What one request writes to logs, in KB: its line, its metrics, and the platform's. */
  readonly logKbPerRequest: number;
  /** How long the table has been filled. */
  readonly months: number;
  /** Of the requests, how many are traced. */
  readonly tracedShare: number;
}

export const ASSUMED: Omit<Workload, 'ordersPerDay'> = {
  lines: 2,
  readsPerOrder: 30,
  regions: 1,
  holdsPerOrder: 1.5,
  releasedShare: 0.2,
  receiptsPerLine: 0.1,
  webhooksPerOrder: 0,
  rememberedReadsShare: 0,
  rememberedKeysShare: 0.9,
  limitedShare: 1,
  takesPerRequest: 1,
  logKbPerRequest: 1.2,
  months: 12,
  tracedShare: 0,
};

/** Days of an average month. */
export const DAYS_PER_MONTH = 365.25 / 12;
export const MINUTES_PER_MONTH = DAYS_PER_MONTH * 24 * 60;

/** How often each operation happens in a day, in all regions together. */
export function operationsPerDay(workload: Workload): Record<OperationName, number> {
  const {
    ordersPerDay: orders,
    lines,
    readsPerOrder,
    holdsPerOrder,
    releasedShare,
    receiptsPerLine,
  } = workload;
  const lost = orders * (holdsPerOrder - 1);
  return {
    hold: orders * holdsPerOrder,
    confirm: orders,
    ship: orders,
    release: lost * releasedShare,
    expire: lost * (1 - releasedShare),
    receipt: orders * lines * receiptsPerLine,
    read: orders * readsPerOrder,
  };
}

/** How often each operation happens in a month, in all regions together. */
export function operationsOf(workload: Workload): Record<OperationName, number> {
  return operationsPerDay({ ...workload, ordersPerDay: workload.ordersPerDay * DAYS_PER_MONTH });
}

/** Operations that somebody sends; holds expire by themselves. */
const REQUESTED = ['hold', 'confirm', 'ship', 'release', 'receipt', 'read'] as const;

export const requestsOf = (operations: Record<OperationName, number>): number =>
  REQUESTED.reduce((sum, name) => sum + operations[name], 0);
