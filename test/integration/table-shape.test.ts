import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeShape } from '../../lib/adapters/dynamodb/table-shape.ts';
import { INDEXES } from '../../lib/config/table.ts';
import { CREDENTIALS } from '../support/credentials.ts';
import { type LocalDatabase, startLocalDatabase } from '../support/local-database.ts';
import { startService } from '../support/scripted-service.ts';

let database: LocalDatabase;
beforeAll(async () => {
  database = await startLocalDatabase();
}, 120_000);
afterAll(() => database.stop());

it('is what DynamoDB has, and nothing of a table that is not there', async () => {
  const shape = await describeShape(database.connection, database.tableName);
  expect(shape?.regions).toEqual(['us-east-1']);
  expect(shape?.indexes.toSorted()).toEqual(
    Object.values(INDEXES)
      .map(({ name }) => name)
      .toSorted(),
  );
  expect(await describeShape(database.connection, 'no-such-table')).toBeUndefined();
});

it('has the asked region first, whether DynamoDB lists it among the replicas or not', async () => {
  const Replicas = [{ RegionName: 'eu-west-1' }, { RegionName: 'us-east-1' }];
  const { endpoint } = await startService(() => ({ Table: { Replicas } }));
  const shape = await describeShape(
    { region: 'us-east-1', endpoint, credentials: CREDENTIALS },
    'holdfast-prod',
  );
  expect(shape).toEqual({ regions: ['us-east-1', 'eu-west-1'], indexes: [] });
});
