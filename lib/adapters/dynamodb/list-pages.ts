/** Pages of lists that are kept in one partition or spread over several. */
import type { Page, PageRequest } from '../../application/ports.ts';
import type { IndexName } from '../../config/table.ts';
import { assertLimit } from './answer-limits.ts';
import type { Database } from './database.ts';
import type { Item } from './items.ts';
import type { Partition } from './partitions.ts';
import { type KeyRange, queryItems, sortKeyOf } from './queries.ts';

/** Sorts after every character of an id. */
export const LAST = '~';

/** Items of a page may exceed the megabyte of one query, never many of them. */
const QUERY_PAGES_MAX = 8;

export interface List {
  /** @default the table itself */
  readonly index?: IndexName;
  /** The shards of the list. Their sort keys are positions in the list as a whole. */
  readonly partitions: readonly Partition[];
  /** First and last sort key of the list, inclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly newestFirst: boolean;
}

export interface Entry {
  readonly position: string;
  readonly item: Item;
}

const least = (a: string, b: string | undefined): string => (b === undefined || a < b ? a : b);
const greatest = (a: string, b: string | undefined): string => (b === undefined || a > b ? a : b);

/** The rest of the list from a position on. The position itself is still in it: bounds are inclusive. */
function rest({ from, to, newestFirst }: List, after: string | undefined): Pick<KeyRange, 'from' | 'to'> {
  const start = after !== undefined && !newestFirst ? greatest(after, from) : from;
  const end = after !== undefined && newestFirst ? least(after, to) : to;
  return { ...(start !== undefined && { from: start }), ...(end !== undefined && { to: end }) };
}

const ascending = (a: Entry, b: Entry): number => (a.position < b.position ? -1 : 1);

/** One page of a list, its shards merged in the order of their sort keys. */
export async function listEntries(
  database: Database,
  list: List,
  { limit, after }: PageRequest,
): Promise<Page<Entry>> {
  assertLimit(limit);
  const { index, partitions, newestFirst } = list;
  const bounds = rest(list, after);
  // One more than the page tells whether there is another; and the last of the page before is in the range.
  const wanted = limit + 1 + (after === undefined ? 0 : 1);
  const options = { limit: wanted, newestFirst, strong: index === undefined, pagesMax: QUERY_PAGES_MAX };
  const shards = partitions.map(async (partition): Promise<Entry[]> => {
    const range = { ...(index !== undefined && { index }), partition, ...bounds };
    const items = await queryItems(database, range, options);
    return items.map((item) => ({ item, position: sortKeyOf(range, item) }));
  });
  const merged = (await Promise.all(shards))
    .flat()
    .filter(({ position }) => position !== after)
    .sort((a, b) => (newestFirst ? ascending(b, a) : ascending(a, b)));
  return pageOf(merged, limit);
}

/** The first of some entries as a page. */
function pageOf(entries: readonly Entry[], limit: number): Page<Entry> {
  const items = entries.slice(0, limit);
  const last = items.at(-1);
  return entries.length > limit && last !== undefined ? { items, next: last.position } : { items };
}

/** A page of records made from a page of entries. */
export const pageWith = <Record>(records: readonly Record[], { next }: Page<unknown>): Page<Record> =>
  next === undefined ? { items: records } : { items: records, next };
