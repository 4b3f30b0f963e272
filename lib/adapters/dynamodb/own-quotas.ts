import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Page, PageRequest } from '../../application/ports.ts';
import { TABLE_KEY } from '../../config/table.ts';
import type { Quota } from '../../domain/quota.ts';
import { type Database, read } from './database.ts';
import { fromItem } from './items.ts';
import { SORT } from './keys.ts';

/**
 * Quotas of this replica's region that are not empty, of all tenants, in no order. It reads the whole table:
 * only a drain does, which happens when a region is taken out of service.
 */
export async function walkOwnQuotas(
  { client, tableName, region }: Database,
  { limit, after }: PageRequest,
): Promise<Page<Quota>> {
  const { Items = [], LastEvaluatedKey } = await read(() =>
    client.send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        Limit: limit,
        FilterExpression:
          'begins_with(#sort, :quota) AND #region = :region AND (#available > :none OR #promised > :none)',
        ExpressionAttributeNames: {
          '#sort': TABLE_KEY.sort,
          '#region': 'region',
          '#available': 'available',
          '#promised': 'promised',
        },
        ExpressionAttributeValues: { ':quota': `${SORT.quota}#`, ':region': region, ':none': 0 },
        ...(after !== undefined && { ExclusiveStartKey: JSON.parse(after) }),
      }),
    ),
  );
  const items = Items.map((item) => fromItem('quota', item));
  return LastEvaluatedKey === undefined ? { items } : { items, next: JSON.stringify(LastEvaluatedKey) };
}
