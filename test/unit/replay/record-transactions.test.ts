import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoDbLocal, startDynamoDbLocal } from '../../../lib/local/dynamodb-local.ts';
import { createRawDatabase, type RawDatabase, type WireRequest } from '../../../lib/local/raw-rate.ts';
import { inventoryTable } from '../../../lib/local/service-tables.ts';
import { synthesise } from '../../../lib/local/synthesis/synthesise.ts';
import { readTables, type TableDefinition } from '../../../lib/local/template/tables.ts';
import { type CartTransactions, recordTransactions } from '../../../lib/replay/bench/record-transactions.ts';
import { RequestRecorder } from '../../../lib/replay/bench/request-recorder.ts';
import type { Sale } from '../../../lib/replay/plan-orders.ts';

const REGION = 'us-east-1';
const cart = (id: string, lines: number): Sale => ({
  kind: 'sale',
  id,
  lines: Array.from({ length: lines }, (_, at) => ({ sku: `S${at}`, quantity: at + 1 })),
});
/** All three name the same products; the last is too long for one transaction to ship and book. */
const CARTS = [cart('1', 1), cart('2', 20), cart('3', 50)];

let databaseProcess: DynamoDbLocal;
let database: RawDatabase;
let table: TableDefinition;
let recorded: CartTransactions[];

beforeAll(async () => {
  const { stacks } = await synthesise({ regions: [REGION], bundle: false });
  table = inventoryTable(readTables(stacks, REGION)) as TableDefinition;
  databaseProcess = await startDynamoDbLocal();
  database = createRawDatabase({ endpoint: databaseProcess.endpoint, region: REGION });
  await database.createTable(table, { name: 'recording', stream: false });
  const recorder = new RequestRecorder(databaseProcess.endpoint);
  await recorder.open();
  recorded = await recordTransactions(
    CARTS,
    { recorder, region: REGION, tableName: 'recording' },
    () => undefined,
  );
  await recorder.close();
});

afterAll(async () => {
  database.close();
  await databaseProcess.stop();
});

const items = ({ operation, body }: WireRequest): number | string =>
  operation === 'TransactWriteItems' ? (body['TransactItems'] as unknown[]).length : operation;

describe('the transactions that the yardstick sends', () => {
  it.each([
    [0, 1],
    [1, 20],
  ])('are those of the service for cart %i of %i lines', (index, lines) => {
    const { hold, confirm, ship } = recorded[index] as CartTransactions;
    expect(hold.map(items)).toEqual([1 + lines]);
    expect(confirm.map(items)).toEqual(['UpdateItem']);
    expect(ship.map(items)).toEqual([1 + lines + 1 + 2 * lines]);
  });

  it('are several for a cart that is too long to be shipped and booked at once', () => {
    const { hold, ship } = recorded[2] as CartTransactions;
    expect(hold.map(items)).toEqual([51]);
    expect(ship.map(items)).toEqual([52, 66, 34, 'PutItem']);
  });

  it('take effect in another table, in any order of the carts', async () => {
    await database.createTable(table, { name: 'again', stream: true });
    for (const { setup } of recorded) for (const request of setup) await database.send(request, 'again');
    for (const { hold, confirm, ship } of recorded.toReversed()) {
      for (const request of [...hold, ...confirm, ...ship]) await database.send(request, 'again');
    }
    // Their conditions are real: a second time they are refused.
    const [first] = recorded;
    for (const request of first?.hold ?? []) {
      await expect(database.send(request, 'again')).rejects.toThrow('ConditionalCheckFailed');
    }
  });
});
