import { QUEUES } from '../../config/queues.ts';
import { ENTRIES, EVENTS, KB_PER_ENTRY, KB_PER_EVENT, totalOf } from '../flow.ts';
import type { Item } from '../item.ts';
import { MINUTES_PER_MONTH, operationsOf, type Workload } from '../workload.ts';

const KB_PER_GB = 1e6;

/** Firehose counts each entry as 5 KB at least. */
const KB_PER_ENTRY_BILLED = 5;

/** A message is sent, received and deleted; receiving and deleting go by batches. */
const REQUESTS_PER_MESSAGE = 1 + 2 / 5;
/** Lambda asks an empty queue five times at once, and each waits for twenty seconds. */
const IDLE_POLLS_PER_MINUTE = 5 * 3;
/** Production's bus keeps events for 90 days. */
const ARCHIVE_MONTHS = 3;

/** Queues, bus and log. Lambda reads the stream free of charge. */
export function spineItems(workload: Workload): Item[] {
  const part = 'spine';
  const operations = operationsOf(workload);
  const events = totalOf(operations, EVENTS);
  const entries = totalOf(operations, ENTRIES);
  const archiveGb = (events * KB_PER_EVENT) / KB_PER_GB;
  const messages = operations.confirm * (1 + workload.webhooksPerOrder) + events;
  const queues = Object.keys(QUEUES).length * workload.regions;
  return [
    { part, what: 'queue requests', price: 'queueRequest', quantity: messages * REQUESTS_PER_MESSAGE },
    {
      part,
      what: 'queue requests, idle',
      price: 'queueRequest',
      quantity: queues * IDLE_POLLS_PER_MINUTE * MINUTES_PER_MONTH,
    },
    { part, what: 'events', price: 'busEvent', quantity: events },
    { part, what: 'archive', price: 'archiveGb', quantity: archiveGb },
    { part, what: 'archive, kept', price: 'archiveGbMonth', quantity: archiveGb * ARCHIVE_MONTHS },
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
