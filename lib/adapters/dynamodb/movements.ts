/** The ledger, newest first: of a sku, of a location, or of a sku at a location. */
import type { MovementQuery, Page, PageRequest } from '../../application/ports.ts';
import type { Movement } from '../../domain/movement.ts';
import { assertLimit } from './answer-limits.ts';
import type { Database } from './database.ts';
import { readIndexed } from './indexed-records.ts';
import { fromItem, type Item } from './items.ts';
import { timeKey } from './keys.ts';
import { type List, listEntries, pageWith } from './list-pages.ts';
import { ledgerPartition, locationLedgerPartition, type Partition } from './partitions.ts';
import { type KeyRange, queryPage } from './queries.ts';
import { LOCATION_LEDGER_SHARDS, shardsOf } from './shards.ts';

/** Movements read at once to find those of one location among those of a sku. */
const FILTER_BATCH = 250;
/** How many such batches a request reads; a page may be short or empty then, and says where to go on. */
const FILTER_BATCHES_MAX = 8;

type Span = Pick<KeyRange, 'from' | 'to'>;

/** The span of sort keys of movements within the times, both inclusive: ids follow the time in the key. */
const spanOf = ({ fromMs, toMs }: MovementQuery): Span => ({
  ...(fromMs !== undefined && { from: timeKey(fromMs) }),
  ...(toMs !== undefined && { to: timeKey(toMs + 1) }),
});

/** What a page of a filtered list needs. */
interface Filtered {
  readonly partition: Partition;
  readonly locationId: string;
  readonly span: Span;
}

async function listOfSkuAtLocation(
  database: Database,
  { partition, locationId, span }: Filtered,
  { limit, after }: PageRequest,
): Promise<Page<Movement>> {
  assertLimit(limit);
  const end = after !== undefined && (span.to === undefined || after < span.to) ? after : span.to;
  const range = { partition, ...span, ...(end !== undefined && { to: end }) };
  const filter = { field: 'locationId', does: 'equal', value: locationId } as const;
  const found: Item[] = [];
  let position: Record<string, unknown> | undefined;
  for (let batch = 0; batch < FILTER_BATCHES_MAX; batch += 1) {
    const options = { limit: FILTER_BATCH, newestFirst: true, strong: true, filter, after: position };
    const answer = await queryPage(database, range, options);
    found.push(...answer.items.filter((item) => item['sk'] !== after));
    position = answer.next;
    if (position === undefined || found.length > limit) break;
  }
  const items = found.slice(0, limit);
  const next = found.length > limit ? items.at(-1)?.['sk'] : position?.['sk'];
  const movements = items.map((item) => fromItem('movement', item));
  return next === undefined ? { items: movements } : { items: movements, next: String(next) };
}

/** Movements, newest first. */
export async function listMovements(
  database: Database,
  query: MovementQuery,
  page: PageRequest,
): Promise<Page<Movement>> {
  const { tenantId, sku, locationId } = query;
  const span = spanOf(query);
  if (sku !== undefined) {
    const partition = ledgerPartition(tenantId, sku);
    if (locationId !== undefined) return listOfSkuAtLocation(database, { partition, locationId, span }, page);
    const entries = await listEntries(
      database,
      { partitions: [partition], newestFirst: true, ...span },
      page,
    );
    return pageWith(
      entries.items.map(({ item }) => fromItem('movement', item)),
      entries,
    );
  }
  if (locationId === undefined) throw new Error('A list of movements needs a sku or a location');
  const list: List = {
    index: 'list',
    partitions: shardsOf(LOCATION_LEDGER_SHARDS).map((shard) =>
      locationLedgerPartition(tenantId, locationId, shard),
    ),
    newestFirst: true,
    ...span,
  };
  const entries = await listEntries(database, list, page);
  const keys = entries.items.map(({ item }) => item);
  return pageWith(await readIndexed(database, 'movement', keys), entries);
}
