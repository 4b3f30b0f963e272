import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRateBuckets, type DynamoDbRateBuckets } from '../../lib/adapters/dynamodb/rate-buckets.ts';
import { StoreUnavailableError } from '../../lib/application/ports.ts';
import { type LocalDatabase, startLocalDatabase } from '../support/local-database.ts';
import { describeRateBuckets } from './rate-buckets-contract.ts';

describe('the buckets of a region on DynamoDB', () => {
  let database: LocalDatabase;
  let buckets: DynamoDbRateBuckets;

  beforeAll(async () => {
    database = await startLocalDatabase();
    buckets = createRateBuckets({ ...database.connection, tableName: database.readTableName });
  });
  afterAll(async () => {
    buckets.close();
    await database.stop();
  });

  describeRateBuckets(() => buckets);

  it('say that they cannot be reached', async () => {
    const endpoint = 'http://127.0.0.1:1';
    const gone = createRateBuckets({ ...database.connection, endpoint, tableName: 'none' });
    const take = { from: 'full', atMs: 1, costMs: 1, roomMs: 1 } as const;
    await expect(gone.take('tenant', take)).rejects.toThrow(StoreUnavailableError);
    gone.close();
  });
});
