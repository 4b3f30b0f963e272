/**
 * Walks over what this replica's region owns, of all tenants, in no order. They read the whole table: a drain and
 * a retirement do, when a region is taken out of service, and the audit, which takes its time.
 */
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Page, PageRequest } from '../../application/ports.ts';
import { TABLE_KEY } from '../../config/table.ts';
import type { EntityRecords } from '../../domain/entities.ts';
import type { Quota } from '../../domain/quota.ts';
import type { Stock } from '../../domain/stock.ts';
import { type Database, read } from './database.ts';
import { fromItem } from './items.ts';
import { SORT } from './keys.ts';

async function walk<Name extends 'quota' | 'stock'>(
  { client, tableName, region }: Database,
  entity: Name,
  { limit, after }: PageRequest,
): Promise<Page<EntityRecords[Name]>> {
  const { Items = [], LastEvaluatedKey } = await read(() =>
    client.send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        Limit: limit,
        FilterExpression: 'begins_with(#sort, :word) AND #region = :region',
        ExpressionAttributeNames: { '#sort': TABLE_KEY.sort, '#region': 'region' },
        ExpressionAttributeValues: { ':word': `${SORT[entity]}#`, ':region': region },
        ...(after !== undefined && { ExclusiveStartKey: JSON.parse(after) }),
      }),
    ),
  );
  const items = Items.map((item) => fromItem(entity, item));
  return LastEvaluatedKey === undefined ? { items } : { items, next: JSON.stringify(LastEvaluatedKey) };
}

/** Quotas of the region that are not empty. */
export async function walkOwnQuotas(database: Database, page: PageRequest): Promise<Page<Quota>> {
  const found = await walk(database, 'quota', page);
  return { ...found, items: found.items.filter(({ available, promised }) => available > 0 || promised > 0) };
}

/** Stocks that are at home in the region. */
export function walkOwnStocks(database: Database, page: PageRequest): Promise<Page<Stock>> {
  return walk(database, 'stock', page);
}
