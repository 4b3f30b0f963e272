/** Queries of the table and its indexes, page by page. */
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { INDEXES, type IndexName, TABLE_KEY } from '../../config/table.ts';
import { type Database, read } from './database.ts';
import type { Item } from './items.ts';
import { loggedPartition, type Partition } from './partitions.ts';

/** A part of a partition, by sort key; both bounds are inclusive. */
export interface KeyRange {
  /** @default the table itself */
  readonly index?: IndexName;
  readonly partition: Partition;
  readonly from?: string;
  readonly to?: string;
}

/** What of the range is wanted, and how. */
export interface QueryOptions {
  readonly limit?: number;
  readonly newestFirst?: boolean;
  /** Only of the table itself: an index cannot be read strongly. */
  readonly strong?: boolean;
  /** A list attribute that must contain a value, or one that must equal it. */
  readonly filter?: { readonly field: string; readonly does: 'contain' | 'equal'; readonly value: string };
  /** Fields to answer with. @default all */
  readonly only?: readonly string[];
  readonly count?: boolean;
}

type Position = NonNullable<QueryCommandInput['ExclusiveStartKey']>;

export interface QueryPage {
  readonly items: readonly Item[];
  readonly count: number;
  /** Where the next page starts; absent at the end. */
  readonly next?: Position;
}

const attributesOf = ({ index }: KeyRange) => (index === undefined ? TABLE_KEY : INDEXES[index]);

/** The sort key of an item within a range. */
export const sortKeyOf = (range: KeyRange, item: Item): string => String(item[attributesOf(range).sort]);

function keyCondition({ from, to }: KeyRange): string {
  if (from !== undefined && to !== undefined)
    return '#partition = :partition AND #sort BETWEEN :from AND :to';
  if (from !== undefined) return '#partition = :partition AND #sort >= :from';
  if (to !== undefined) return '#partition = :partition AND #sort <= :to';
  return '#partition = :partition';
}

function filterOf({ filter }: QueryOptions): string | undefined {
  if (filter === undefined) return undefined;
  return filter.does === 'contain' ? 'contains(#filter, :filter)' : '#filter = :filter';
}

function queryInput(database: Database, range: KeyRange, options: QueryOptions): QueryCommandInput {
  const { partition, sort } = attributesOf(range);
  const { from, to } = range;
  const { filter, only = [], limit, count = false, newestFirst = false, strong = false } = options;
  const bounded = from !== undefined || to !== undefined;
  const filterExpression = filterOf(options);
  return {
    TableName: database.tableName,
    ...(range.index !== undefined && { IndexName: INDEXES[range.index].name }),
    KeyConditionExpression: keyCondition(range),
    ...(filterExpression !== undefined && { FilterExpression: filterExpression }),
    ...(only.length > 0 && { ProjectionExpression: only.map((_, at) => `#only${at}`).join(', ') }),
    ExpressionAttributeNames: {
      '#partition': partition,
      ...(bounded && { '#sort': sort }),
      ...(filter !== undefined && { '#filter': filter.field }),
      ...Object.fromEntries(only.map((field, at) => [`#only${at}`, field])),
    },
    ExpressionAttributeValues: {
      ':partition': range.partition,
      ...(from !== undefined && { ':from': from }),
      ...(to !== undefined && { ':to': to }),
      ...(filter !== undefined && { ':filter': filter.value }),
    },
    ...(limit !== undefined && { Limit: limit }),
    ...(count && { Select: 'COUNT' }),
    ScanIndexForward: !newestFirst,
    ConsistentRead: strong,
  };
}

const isEmptyRange = ({ from, to }: KeyRange): boolean => from !== undefined && to !== undefined && from > to;

/** One page of a query. */
export async function queryPage(
  database: Database,
  range: KeyRange,
  options: QueryOptions & { readonly after?: Position | undefined },
): Promise<QueryPage> {
  // DynamoDB calls a range that ends before it starts an error; here it is one without items.
  if (isEmptyRange(range)) return { items: [], count: 0 };
  const input = queryInput(database, range, options);
  const { after } = options;
  const answer = await read(() =>
    database.client.send(
      new QueryCommand({ ...input, ...(after !== undefined && { ExclusiveStartKey: after }) }),
    ),
  );
  const { Items = [], Count = 0, LastEvaluatedKey } = answer;
  return { items: Items, count: Count, ...(LastEvaluatedKey !== undefined && { next: LastEvaluatedKey }) };
}

/**
 * The items of a range: all, or with a `limit` the first so many.
 *
 * @throws an Error when they do not fit into that many pages (1 MB each): a limit of the service, see
 * `docs/data-model.md`.
 */
export async function queryItems(
  database: Database,
  range: KeyRange,
  options: QueryOptions & { readonly pagesMax: number },
): Promise<Item[]> {
  const { limit = Number.POSITIVE_INFINITY, pagesMax } = options;
  const items: Item[] = [];
  let after: Position | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await queryPage(database, range, { ...options, after });
    items.push(...answer.items);
    after = answer.next;
    if (after === undefined || items.length >= limit) return items;
  }
  throw new Error(`More than ${pagesMax} pages in ${loggedPartition(range.partition)}`);
}
