/** Limits of the tables: as a whole, of a partition, of an item. */
import { DUE_SHARDS, RESERVATION_LIST_SHARDS } from '../../adapters/dynamodb/shards.ts';
import { WARM_READS_MIN, WARM_UNITS_MAX, WARM_WRITES_MIN } from '../../config/context.ts';
import { type Limit, SOURCES } from './limit.ts';

/** Write units a second. */
const PARTITION_WRITES = 1_000;
/** A table follows its load: it takes at once twice what it had at a peak before. */
const GROWS_AT_ONCE = 2;
/** An entry comes with a hold, and goes with its end. */
const DUE_WRITES_PER_HOLD = 2;
/** An entry comes with a hold, changes with the confirmation, goes with the shipment. */
const OPEN_WRITES_PER_HOLD = 3;
/** A transaction keeps the item for 8 ms or more, and what meets it waits and tries again: some tens go well. */
const QUOTA_TRANSACTIONS = 50;

const contended = '503 `contended` for holds of that sku; none is sold twice';
const throttled =
  '503 `region_unavailable` or slow answers for some of all requests; the stream becomes late';

export const TABLE_LIMITS: readonly Limit[] = [
  {
    name: 'Table, writes',
    unit: 'write units',
    kind: 'quota',
    source: SOURCES.table,
    most: () => WARM_UNITS_MAX,
    used: ({ writeUnits }) => writeUnits,
    seen: throttled,
    remedy: 'raise "Table-level write throughput limit" in every region: each carries the writes of all',
  },
  {
    name: 'Table, reads',
    unit: 'read units',
    kind: 'quota',
    source: SOURCES.table,
    most: () => WARM_UNITS_MAX,
    used: ({ readUnits }) => readUnits,
    seen: throttled,
    remedy: 'raise "Table-level read throughput limit" in every region',
  },
  {
    name: 'Table as it has grown, writes at once',
    unit: 'write units',
    kind: 'AWS',
    source: SOURCES.burst,
    elastic: true,
    most: (usual) => Math.max(WARM_WRITES_MIN, GROWS_AT_ONCE * usual.writeUnits),
    used: ({ writeUnits }) => writeUnits,
    seen: `${throttled}, for half an hour or so while it grows`,
    remedy: 'warm it before: `-c warmWrites=`',
  },
  {
    name: 'Table as it has grown, reads at once',
    unit: 'read units',
    kind: 'AWS',
    source: SOURCES.burst,
    elastic: true,
    most: (usual) => Math.max(WARM_READS_MIN, GROWS_AT_ONCE * usual.readUnits),
    used: ({ readUnits }) => readUnits,
    seen: `${throttled}, for half an hour or so while it grows`,
    remedy: 'warm it before: `-c warmReads=`',
  },
  {
    name: 'Partitions of `due`',
    unit: 'write units',
    kind: 'AWS',
    source: SOURCES.partition,
    most: () => DUE_SHARDS * PARTITION_WRITES,
    used: ({ operations }) => operations.hold * DUE_WRITES_PER_HOLD,
    seen: '503 for some holds of all tenants',
    remedy: 'more of `DUE_SHARDS`, which is a migration',
  },
  {
    name: 'Partitions of `list`, busiest tenant',
    unit: 'write units',
    kind: 'AWS',
    source: SOURCES.partition,
    most: () => RESERVATION_LIST_SHARDS * PARTITION_WRITES,
    used: ({ tenant }) => tenant.holds,
    seen: '503 for some holds of that tenant',
    remedy: 'more of `RESERVATION_LIST_SHARDS`, which is a migration',
  },
  {
    name: 'Partition of `open`, busiest sku',
    unit: 'write units',
    kind: 'AWS',
    source: SOURCES.partition,
    most: () => PARTITION_WRITES,
    used: ({ sku }) => sku.holds * OPEN_WRITES_PER_HOLD,
    seen: '503 for some holds of that sku',
    remedy: 'nothing yet but more skus: issue 6',
  },
  {
    name: 'Quota of the busiest sku',
    unit: 'transactions',
    kind: 'ours',
    source: 'docs/adr/0001-hold-in-one-transaction.md',
    most: () => QUOTA_TRANSACTIONS,
    used: ({ sku }) => sku.quotaTransactions,
    seen: contended,
    remedy: 'more regions or locations for that sku; holds without a transaction are issue 6',
  },
  {
    name: 'Bucket of the busiest tenant',
    unit: 'write units',
    kind: 'AWS',
    source: SOURCES.partition,
    most: () => PARTITION_WRITES,
    used: ({ tenant }) => tenant.takes,
    seen: 'nothing: a bucket that cannot be reached limits nobody',
    remedy: 'none is needed; `RateUnchecked` counts',
  },
];
