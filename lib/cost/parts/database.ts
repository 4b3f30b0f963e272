import type { Item } from '../bill.ts';
import { type OperationName, unitsOf } from '../units.ts';
import { operationsOf, type Workload } from '../workload.ts';

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

/** How much the table holds in one region, in GB. */
export function storedGb(workload: Workload): number {
  const { confirm, hold } = operationsOf(workload);
  const order = BYTES_PER_ORDER + BYTES_PER_LINE * workload.lines + BYTES_PER_ITEM * ITEMS_PER_ORDER;
  const bytes = confirm * order + (hold - confirm) * BYTES_PER_LOST_HOLD;
  return (bytes * workload.months) / BYTES_PER_GB;
}

/** Units in a month: writes in every region, reads where they are asked for. */
export function databaseUnits(workload: Workload): { readonly writes: number; readonly reads: number } {
  const operations = operationsOf(workload);
  const names = Object.keys(operations) as OperationName[];
  const unitsFor = (name: OperationName) => unitsOf(name, workload.lines);
  const sum = (of: (name: OperationName) => number) => names.reduce((total, name) => total + of(name), 0);
  const asked = (name: OperationName) =>
    operations[name] * (name === 'read' ? 1 - workload.rememberedReadsShare : 1);
  return {
    // A replica is taken to be billed for a transaction as the region that made it: the upper bound, to be seen on a bill.
    writes: sum((name) => operations[name] * unitsFor(name).writes) * workload.regions,
    reads: sum((name) => asked(name) * unitsFor(name).reads),
  };
}

/** Units, storage, recovery and backups. */
export function databaseItems(workload: Workload): Item[] {
  const part = 'database';
  const { writes, reads } = databaseUnits(workload);
  const gb = storedGb(workload);
  return [
    { part, what: 'write units', price: 'writeUnit', quantity: writes },
    { part, what: 'read units', price: 'readUnit', quantity: reads },
    { part, what: 'storage', price: 'tableGbMonth', quantity: gb * workload.regions },
    { part, what: 'point-in-time recovery', price: 'recoveryGbMonth', quantity: gb * workload.regions },
    // Of each day for five weeks DynamoDB keeps what has changed; a whole copy is counted, in one region or in two.
    { part, what: 'backups', price: 'backupGbMonth', quantity: gb * Math.min(2, workload.regions) },
  ];
}
