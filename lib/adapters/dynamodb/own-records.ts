/**
 * Walks over a replica, of all tenants, in no order. They read the whole table: a drain and a retirement do, when a
 * region is taken out of service; the audit, which takes its time; and whoever rebuilds the read model.
 */
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Page, PageRequest } from '../../application/ports.ts';
import { TABLE_KEY } from '../../config/table.ts';
import type { Product } from '../../domain/catalogue.ts';
import type { EntityRecords } from '../../domain/entities.ts';
import type { Quota } from '../../domain/quota.ts';
import type { Stock } from '../../domain/stock.ts';
import { type Database, read } from './database.ts';
import { fromItem } from './items.ts';
import { SORT } from './keys.ts';

/** Which records a walk is for. */
interface Wanted {
  readonly filter: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string>>;
}

async function walk<Name extends 'product' | 'quota' | 'stock'>(
  { client, tableName }: Database,
  { entity, wanted }: { readonly entity: Name; readonly wanted: Wanted },
  { limit, after }: PageRequest,
): Promise<Page<EntityRecords[Name]>> {
  const { Items = [], LastEvaluatedKey } = await read(() =>
    client.send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        Limit: limit,
        FilterExpression: wanted.filter,
        ExpressionAttributeNames: { '#sort': TABLE_KEY.sort, ...wanted.names },
        ExpressionAttributeValues: wanted.values,
        ...(after !== undefined && { ExclusiveStartKey: JSON.parse(after) }),
      }),
    ),
  );
  const items = Items.map((item) => fromItem(entity, item));
  return LastEvaluatedKey === undefined ? { items } : { items, next: JSON.stringify(LastEvaluatedKey) };
}

/** Records of a kind that the region owns. */
const ownedBy = (region: string, entity: 'quota' | 'stock'): Wanted => ({
  filter: 'begins_with(#sort, :word) AND #region = :region',
  names: { '#region': 'region' },
  values: { ':word': `${SORT[entity]}#`, ':region': region },
});

/** A location may be called as the sort key of a product is; no tenant, and no location, has a `#`. */
const PRODUCTS: Wanted = {
  filter: '#sort = :word AND contains(#partition, :among)',
  names: { '#partition': TABLE_KEY.partition },
  values: { ':word': SORT.product, ':among': '#SKU#' },
};

/** Quotas of the region that are not empty. */
export async function walkOwnQuotas(database: Database, page: PageRequest): Promise<Page<Quota>> {
  const found = await walk(database, { entity: 'quota', wanted: ownedBy(database.region, 'quota') }, page);
  return { ...found, items: found.items.filter(({ available, promised }) => available > 0 || promised > 0) };
}

/** Stocks that are at home in the region. */
export function walkOwnStocks(database: Database, page: PageRequest): Promise<Page<Stock>> {
  return walk(database, { entity: 'stock', wanted: ownedBy(database.region, 'stock') }, page);
}

/** All products. */
export function walkProducts(database: Database, page: PageRequest): Promise<Page<Product>> {
  return walk(database, { entity: 'product', wanted: PRODUCTS }, page);
}
