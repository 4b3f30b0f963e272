import { type Bill, billOf } from './bill.ts';
import { type Lever, leversOf } from './levers.ts';
import { naiveWritesOf } from './naive.ts';
import { databaseUnits } from './parts/database.ts';
import type { PriceList, PriceName } from './price-list.ts';
import { unitsOf } from './units.ts';
import { operationsOf, requestsOf, type Workload } from './workload.ts';

/** A bill, and what it means. */
export interface Estimate {
  readonly workload: Workload;
  readonly pricesAsOf: string;
  readonly bill: Bill;
  readonly requestsPerMonth: number;
  /** Absent when there are no orders. */
  readonly usdPerOrder: number | undefined;
  readonly usdPerMillionRequests: number | undefined;
  readonly levers: readonly Lever[];
  readonly writes: WritesPerOrder;
  /** Prices from memory that have a part in the bill. */
  readonly remembered: readonly PriceName[];
}

/** Write units of an order in one region. */
export interface WritesPerOrder {
  /** To hold and to confirm it, with all that follows. */
  readonly holdAndConfirm: number;
  /** The same in the design that many begin with, of which only the writes themselves are counted. */
  readonly naive: number;
  /** With shipment, receipts, holds that come to nothing and limits; absent when there are no orders. */
  readonly whole: number | undefined;
}

export function estimateOf(workload: Workload, prices: PriceList): Estimate {
  const bill = billOf(workload, prices);
  const operations = operationsOf(workload);
  const requestsPerMonth = requestsOf(operations);
  const per = (total: number, count: number) => (count === 0 ? undefined : total / count);
  const { lines, regions } = workload;
  const used = new Set(bill.items.filter(({ usd }) => usd > 0).map(({ price }) => price));
  const million = 1e6;
  return {
    workload,
    pricesAsOf: prices.asOf,
    bill,
    requestsPerMonth,
    usdPerOrder: per(bill.usdPerMonth, operations.confirm),
    usdPerMillionRequests: per(bill.usdPerMonth * million, requestsPerMonth),
    levers: leversOf(workload, prices),
    writes: {
      holdAndConfirm: unitsOf('hold', lines).writes + unitsOf('confirm', lines).writes,
      naive: naiveWritesOf(lines),
      whole: per(databaseUnits(workload).used.writes / regions, operations.confirm),
    },
    remembered: [...used].filter((name) => prices.prices[name].certainty === 'remembered'),
  };
}
