import { afterAll, beforeAll, describe } from 'vitest';
import type { Store } from '../../lib/application/ports.ts';
import { type LocalDatabase, startLocalDatabase } from '../support/local-database.ts';
import { REGION } from '../support/stored-records.ts';
import { describeStore } from './store-contract.ts';

describe('the store on DynamoDB', () => {
  let database: LocalDatabase;
  /** One of each region for all tests: connections are what costs. */
  const stores = new Map<string, Store>();

  beforeAll(async () => {
    database = await startLocalDatabase();
  });
  afterAll(() => database.stop());

  describeStore((region = REGION) => {
    const store = stores.get(region) ?? database.open({ region });
    stores.set(region, store);
    return store;
  });
});
