import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReadModel, type DynamoDbReadModel } from '../../lib/adapters/dynamodb/read-model.ts';
import { StoreUnavailableError } from '../../lib/application/ports.ts';
import { type LocalDatabase, startLocalDatabase } from '../support/local-database.ts';
import { rollupRecord } from '../support/stored-rollups.ts';
import { describeReadModel } from './read-model-contract.ts';

describe('the read model on DynamoDB', () => {
  let database: LocalDatabase;
  let model: DynamoDbReadModel;

  beforeAll(async () => {
    database = await startLocalDatabase();
    model = createReadModel({ ...database.connection, tableName: database.readTableName });
  });
  afterAll(async () => {
    model.close();
    await database.stop();
  });

  describeReadModel(() => model);

  it('refuses to store what it could not read again', async () => {
    const broken = rollupRecord({ asOfMs: -1 });
    await expect(model.put(broken)).rejects.toThrow(/T#tenant#SKU#sku\|ROLLUP.*malformed/);
  });

  it('says that it cannot be reached', async () => {
    const gone = createReadModel({
      ...database.connection,
      endpoint: 'http://127.0.0.1:1',
      tableName: 'none',
    });
    await expect(gone.get({ tenantId: 't', sku: 's' }, 'eventual')).rejects.toThrow(StoreUnavailableError);
    await expect(gone.put(rollupRecord())).rejects.toThrow(StoreUnavailableError);
    gone.close();
  });
});
