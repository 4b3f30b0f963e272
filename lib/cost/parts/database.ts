import { CANARY_SCHEDULE_MINUTES } from '../../config/functions.ts';
import type { Item } from '../item.ts';
import {
  CAPPED_UNITS,
  IDLE_LOOK_UNITS,
  IDLE_READS_FOR_EACH_OTHER_REGION,
  KEY_READ_UNITS,
  type OperationName,
  unitsOf,
} from '../units.ts';
import { MINUTES_PER_MONTH, operationsOf, requestsOf, type Workload } from '../workload.ts';

const BYTES_PER_GB = 1e9;

/** What an order leaves in the table for good, without its lines: reservation, order, shipment and their index entries. */
const BYTES_PER_ORDER = 2_400;
/** And each line: its part of the reservation, and a movement when it is shipped. */
const BYTES_PER_LINE = 900;
/** A hold that came to nothing stays as a record as well. */
const BYTES_PER_LOST_HOLD = 1_200;
/** DynamoDB counts 100 bytes more for each item and each entry of an index. */
const BYTES_PER_ITEM = 100;
const ITEMS_PER_ORDER = 9;

const LOOKS_PER_MINUTE = 12;

/** How much the table grows in a month, in each region, in GB. */
export function grownGbPerMonth(workload: Workload): number {
  const { confirm, hold } = operationsOf(workload);
  const order = BYTES_PER_ORDER + BYTES_PER_LINE * workload.lines + BYTES_PER_ITEM * ITEMS_PER_ORDER;
  return (confirm * order + (hold - confirm) * BYTES_PER_LOST_HOLD) / BYTES_PER_GB;
}

export interface Units {
  readonly writes: number;
  readonly reads: number;
}

export interface AskedUnits extends Units {
  /** Write units of the buckets of limited tenants: where the requests are, and nowhere else. */
  readonly takes: number;
}

/**
 * What so many operations ask for: writes of one region, which are the same in every region that has a replica, and
 * reads and takes of all regions together.
 */
export function unitsOfOperations(operations: Record<OperationName, number>, workload: Workload): AskedUnits {
  const { lines, limitedShare, rememberedReadsShare, rememberedKeysShare, takesPerRequest } = workload;
  const requests = requestsOf(operations);
  const names = Object.keys(operations) as OperationName[];
  const sum = (of: (name: OperationName) => number) => names.reduce((total, name) => total + of(name), 0);
  const asked = (name: OperationName) => operations[name] * (name === 'read' ? 1 - rememberedReadsShare : 1);
  const capped = operations.hold * limitedShare;
  return {
    writes:
      sum((name) => operations[name] * unitsOf(name, lines).writes) +
      capped * (CAPPED_UNITS.hold.writes + CAPPED_UNITS.release.writes),
    reads:
      sum((name) => asked(name) * unitsOf(name, lines).reads) +
      capped * (CAPPED_UNITS.hold.reads + CAPPED_UNITS.release.reads) +
      requests * (1 - rememberedKeysShare) * KEY_READ_UNITS,
    takes: requests * limitedShare * takesPerRequest,
  };
}

/** Units in a month in all regions together: those of operations, and those of a stage in which nothing happens. */
export function databaseUnits(workload: Workload): { readonly used: Units; readonly idle: Units } {
  const { regions } = workload;
  const { writes, takes, reads } = unitsOfOperations(operationsOf(workload), workload);
  const looks = LOOKS_PER_MINUTE * MINUTES_PER_MONTH * regions;
  const readsOfLook = IDLE_LOOK_UNITS.reads + IDLE_READS_FOR_EACH_OTHER_REGION * (regions - 1);
  const canaries = (MINUTES_PER_MONTH * regions) / CANARY_SCHEDULE_MINUTES;
  const [held, released] = [unitsOf('hold', 1), unitsOf('release', 1)];
  return {
    // A replica is taken to be billed for a transaction as the region that made it: the upper bound, to be seen on a bill.
    used: { writes: writes * regions + takes, reads },
    // A sign of life is replicated; its watermark is its region's own. The canary holds and releases.
    idle: {
      writes:
        looks * (IDLE_LOOK_UNITS.writes - 1 + regions) + canaries * (held.writes + released.writes) * regions,
      reads: looks * readsOfLook + canaries * (held.reads + released.reads),
    },
  };
}

/** Units, storage, recovery and backups. */
export function databaseItems(workload: Workload): Item[] {
  const part = 'database';
  const { used, idle } = databaseUnits(workload);
  const gb = grownGbPerMonth(workload) * workload.months;
  return [
    { part, what: 'write units', price: 'writeUnit', quantity: used.writes },
    { part, what: 'write units, idle', price: 'writeUnit', quantity: idle.writes },
    { part, what: 'read units', price: 'readUnit', quantity: used.reads },
    { part, what: 'read units, idle', price: 'readUnit', quantity: idle.reads },
    { part, what: 'storage', price: 'tableGbMonth', quantity: gb * workload.regions },
    { part, what: 'point-in-time recovery', price: 'recoveryGbMonth', quantity: gb * workload.regions },
    // Of each day for five weeks DynamoDB keeps what has changed; a whole copy is counted, in one region or in two.
    { part, what: 'backups', price: 'backupGbMonth', quantity: gb * Math.min(2, workload.regions) },
  ];
}
