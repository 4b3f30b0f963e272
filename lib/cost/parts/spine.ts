import type { Item } from '../bill.ts';
import type { OperationName } from '../units.ts';
import { operationsOf, type Workload } from '../workload.ts';

const KB_PER_GB = 1e6;

/** Events that an operation puts on the bus. */
const EVENTS: Record<OperationName, number> = {
  hold: 1,
  confirm: 2,
  ship: 1,
  release: 1,
  expire: 1,
  receipt: 1,
  read: 0,
};
const KB_PER_EVENT = 1.2;

/** Entries of the analytics log; Firehose counts each as 5 KB at least. */
const ENTRIES: Record<OperationName, number> = {
  hold: 1,
  confirm: 1,
  ship: 2,
  release: 1,
  expire: 1,
  receipt: 1,
  read: 0,
};
const KB_PER_ENTRY_BILLED = 5;
const KB_PER_ENTRY = 1;

/** A message is sent, received and deleted; receiving and deleting go by batches. */
const REQUESTS_PER_MESSAGE = 1 + 2 / 5;

/** Queues, bus and log. Lambda reads the stream free of charge. */
export function spineItems(workload: Workload): Item[] {
  const part = 'spine';
  const operations = operationsOf(workload);
  const names = Object.keys(operations) as OperationName[];
  const sum = (per: Record<OperationName, number>) =>
    names.reduce((total, name) => total + operations[name] * per[name], 0);
  const events = sum(EVENTS);
  const entries = sum(ENTRIES);
  const messages = operations.confirm * (1 + workload.webhooksPerOrder) + events;
  return [
    { part, what: 'queue requests', price: 'queueRequest', quantity: messages * REQUESTS_PER_MESSAGE },
    { part, what: 'events', price: 'busEvent', quantity: events },
    { part, what: 'archive', price: 'archiveGb', quantity: (events * KB_PER_EVENT) / KB_PER_GB },
    {
      part,
      what: 'analytics log, delivery',
      price: 'deliveryGb',
      quantity: (entries * KB_PER_ENTRY_BILLED) / KB_PER_GB,
    },
    {
      part,
      what: 'analytics log, storage',
      price: 'bucketGbMonth',
      quantity: (entries * KB_PER_ENTRY * workload.months) / KB_PER_GB,
    },
  ];
}
