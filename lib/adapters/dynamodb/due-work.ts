import type { DueWork } from '../../application/ports.ts';
import { DUE_BATCH_MAX } from './answer-limits.ts';
import type { Database } from './database.ts';
import { type IndexedEntity, readIndexed } from './indexed-records.ts';
import type { Item } from './items.ts';
import { firstWord, SORT, timeKey } from './keys.ts';
import { duePartition, type Partition, sendingPartition } from './partitions.ts';
import { type KeyRange, queryPage } from './queries.ts';
import { DUE_SHARDS, SENDING_SHARDS, shardsOf } from './shards.ts';

/** Due items taken of each shard at once. */
const DUE_SHARD_BATCH = 100;

/** Messages taken of each shard at once: a hundred together, as a look at a bus or a queue that is down must be short. */
const SENDING_SHARD_BATCH = 25;

/** The partitions of work that is due, and of messages that are. */
const workPartitions = ({ region }: Database): Partition[] =>
  shardsOf(DUE_SHARDS).map((shard) => duePartition(region, shard));
const sendingPartitions = ({ region }: Database): Partition[] =>
  shardsOf(SENDING_SHARDS).map((shard) => sendingPartition(region, shard));

/** Everything of a partition that is due: a time sorts before every entry of the same millisecond. */
const dueRange = (partition: Partition, nowMs: number): KeyRange => ({
  index: 'due',
  partition,
  to: timeKey(nowMs + 1),
});

/** The index entries of what is due, the oldest first. */
async function readEntries(
  database: Database,
  nowMs: number,
  { partitions, limit }: { readonly partitions: readonly Partition[]; readonly limit: number },
): Promise<Item[]> {
  const shards = await Promise.all(
    partitions.map((partition) => queryPage(database, dueRange(partition, nowMs), { limit })),
  );
  const entries = shards.flatMap(({ items }) => items);
  return entries.sort((a, b) => (String(a['dueSk']) < String(b['dueSk']) ? -1 : 1));
}

/** The records that entries name, as far as they are still due. */
async function readDue(database: Database, entries: readonly Item[], nowMs: number): Promise<DueWork> {
  const readAll = <Name extends IndexedEntity>(entity: Name, word: string) => {
    const ofEntity = entries.filter(({ sk }) => firstWord(sk) === word);
    return readIndexed(database, entity, ofEntity);
  };
  const [reservations, shipments, products, acceptances, grants, unsent, deliveries] = await Promise.all([
    readAll('reservation', SORT.reservation),
    readAll('shipment', SORT.shipment),
    readAll('product', SORT.product),
    readAll('acceptance', SORT.acceptance),
    readAll('grant', SORT.grant),
    readAll('unsent', SORT.unsent),
    readAll('delivery', SORT.delivery),
  ]);
  const isDue = (atMs: number | undefined) => atMs !== undefined && atMs <= nowMs;
  return {
    reservations: reservations.filter(({ status, expiresAtMs }) => status === 'held' && isDue(expiresAtMs)),
    shipments: shipments.filter(({ bookingDueAtMs }) => isDue(bookingDueAtMs)),
    products: products.filter(({ settleDueAtMs }) => isDue(settleDueAtMs)),
    acceptances: acceptances.filter(({ checkDueAtMs }) => isDue(checkDueAtMs)),
    grants: grants.filter(({ checkDueAtMs }) => isDue(checkDueAtMs)),
    unsent: unsent.filter(({ dueAtMs }) => isDue(dueAtMs)),
    deliveries: deliveries.filter(({ dueAtMs }) => isDue(dueAtMs)),
  };
}

const sizeOf = (work: DueWork): number =>
  Object.values(work).reduce((sum, records) => sum + records.length, 0);

const joined = (a: DueWork, b: DueWork): DueWork => ({
  reservations: [...a.reservations, ...b.reservations],
  shipments: [...a.shipments, ...b.shipments],
  products: [...a.products, ...b.products],
  acceptances: [...a.acceptances, ...b.acceptances],
  grants: [...a.grants, ...b.grants],
  unsent: [...a.unsent, ...b.unsent],
  deliveries: [...a.deliveries, ...b.deliveries],
});

/**
 * Work of this region due at or before a time, the oldest first.
 *
 * The index is late: what was done a moment ago may still be in it, and stands before what is to be done. So
 * entries are read on until the batch is full: a backlog would otherwise end with the first batch.
 */
export async function readDueWork(database: Database, nowMs: number): Promise<DueWork> {
  const [entries, messages] = await Promise.all([
    readEntries(database, nowMs, { partitions: workPartitions(database), limit: DUE_SHARD_BATCH }),
    readEntries(database, nowMs, { partitions: sendingPartitions(database), limit: SENDING_SHARD_BATCH }),
  ]);
  let work = await readDue(database, messages, nowMs);
  const unsent = sizeOf(work);
  let start = 0;
  while (start < entries.length && sizeOf(work) - unsent < DUE_BATCH_MAX) {
    const end = start + DUE_BATCH_MAX - (sizeOf(work) - unsent);
    work = joined(work, await readDue(database, entries.slice(start, end), nowMs));
    start = end;
  }
  return work;
}

/** How many items are due; exact up to what one page of each shard counts, and 0 only when there is none. */
export async function countDue(database: Database, nowMs: number): Promise<number> {
  const partitions = [...workPartitions(database), ...sendingPartitions(database)];
  const shards = await Promise.all(
    partitions.map((partition) => queryPage(database, dueRange(partition, nowMs), { count: true })),
  );
  return shards.reduce((sum, { count }) => sum + count, 0);
}
