/** The buckets of a region's tenants, in the table of its read model: no other region is told of them. */
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { RateBuckets, Taken } from '../../application/rate-ports.ts';
import { ASTRAY_MS, type Take } from '../../domain/token-bucket.ts';
import { type Connection, createClient } from './client.ts';
import { asThrown, judgeWriteFailure } from './failures.ts';
import type { Item } from './items.ts';
import { bucketKey } from './limit-keys.ts';

export interface RateBucketsSettings extends Connection {
  readonly tableName: string;
}

/** The buckets, and how to let go of them. */
export interface DynamoDbRateBuckets extends RateBuckets {
  /** Closes the connections. */
  close(): void;
}

const bucket = z.looseObject({ fullAtMs: z.number().nonnegative() });

const fullAtMsOf = (item: Item | undefined): number | undefined =>
  item === undefined ? undefined : bucket.parse(item).fullAtMs;

/** The same rule as `allowsTake` and `afterTake` in the domain, as an update. */
function updateOf({ from, atMs, costMs, roomMs }: Take) {
  if (from === 'full') {
    return {
      UpdateExpression: 'SET #full = :full',
      ConditionExpression: 'attribute_not_exists(#full) OR #full < :at OR #full > :astray',
      ExpressionAttributeValues: {
        ':full': atMs + costMs,
        ':at': atMs,
        ':astray': atMs + roomMs + ASTRAY_MS,
      },
    };
  }
  return {
    UpdateExpression: 'SET #full = #full + :cost',
    ConditionExpression: '#full BETWEEN :at AND :latest',
    ExpressionAttributeValues: { ':cost': costMs, ':at': atMs, ':latest': atMs + roomMs - costMs },
  };
}

/** Buckets on DynamoDB: one write unit for each take, and for each that is refused. */
export function createRateBuckets({ tableName, ...connection }: RateBucketsSettings): DynamoDbRateBuckets {
  const client = createClient({ ...connection, once: true });
  return {
    async take(tenantId, take): Promise<Taken> {
      const input = {
        TableName: tableName,
        Key: bucketKey(tenantId),
        ExpressionAttributeNames: { '#full': 'fullAtMs' },
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...updateOf(take),
      } as const;
      try {
        const { Attributes: item } = await client.send(new UpdateCommand(input));
        return { outcome: 'taken', fullAtMs: fullAtMsOf(item) };
      } catch (error) {
        const judged = judgeWriteFailure(error);
        if (judged.failure !== 'refused') throw asThrown(error);
        return { outcome: 'refused', fullAtMs: fullAtMsOf(judged.images.get(0)) };
      }
    },
    close: () => client.destroy(),
  };
}
