import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldBook, type DynamoDbHoldBook } from '../../lib/adapters/dynamodb/hold-book.ts';
import { StoreUnavailableError } from '../../lib/application/ports.ts';
import { type LocalDatabase, startLocalDatabase } from '../support/local-database.ts';
import { describeHoldBook } from './hold-book-contract.ts';

describe('the book of open holds on DynamoDB', () => {
  let database: LocalDatabase;
  let book: DynamoDbHoldBook;

  beforeAll(async () => {
    database = await startLocalDatabase();
    book = createHoldBook({ ...database.connection, tableName: database.readTableName });
  });
  afterAll(async () => {
    book.close();
    await database.stop();
  });

  describeHoldBook(() => book);

  it('says that it cannot be reached', async () => {
    const endpoint = 'http://127.0.0.1:1';
    const gone = createHoldBook({ ...database.connection, endpoint, tableName: 'none' });
    await expect(gone.read([{ tenantId: 'tenant' }])).rejects.toThrow(StoreUnavailableError);
    gone.close();
  });
});
