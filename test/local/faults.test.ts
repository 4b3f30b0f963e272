import { GetItemCommand, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newReachability } from '../../lib/local/proxy/database-proxy.ts';
import type { Fault, FaultKind } from '../../lib/local/proxy/faults.ts';
import { type MeteredDatabase, startMeteredDatabase } from './fixtures/metered-database.ts';

let database: MeteredDatabase;
beforeAll(async () => {
  database = await startMeteredDatabase();
});
afterAll(() => database?.stop());
afterEach(() => database.faults.clear());

const TableName = 'metered';
let item = { pk: { S: '0' }, sk: { S: 'a' } };
beforeEach(() => {
  item = { pk: { S: String(Number(item.pk.S) + 1) }, sk: { S: 'a' } };
});

const inject = (kind: FaultKind, rest: Partial<Fault> = {}) =>
  database.faults.add({ operation: '*', region: undefined, rate: 1, kind, ...rest });
const put = () => database.client.send(new PutItemCommand({ TableName, Item: item }));
const get = () => database.client.send(new GetItemCommand({ TableName, Key: item }));
const transact = () =>
  database.client.send(
    new TransactWriteItemsCommand({
      TransactItems: ['a', 'b', 'c'].map((sk) => ({ Put: { TableName, Item: { ...item, sk: { S: sk } } } })),
    }),
  );
const isStored = async () => {
  const found = await database.direct.send(
    new GetItemCommand({ TableName, Key: item, ConsistentRead: true }),
  );
  return found.Item !== undefined;
};

describe('a fault, as the SDK sees it:', () => {
  it('throttle', async () => {
    inject('throttle');
    await expect(put()).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      $metadata: { httpStatusCode: 400 },
    });
    expect(await isStored()).toBe(false);
  });

  it('error_500', async () => {
    inject('error_500');
    await expect(put()).rejects.toMatchObject({
      name: 'InternalServerError',
      $metadata: { httpStatusCode: 500 },
    });
    expect(await isStored()).toBe(false);
  });

  it('timeout_before: the connection breaks and nothing has happened', async () => {
    inject('timeout_before');
    await expect(put()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await isStored()).toBe(false);
  });

  it('timeout_after: the connection breaks and the write has happened', async () => {
    inject('timeout_after');
    const spent = await database.spent(() => expect(put()).rejects.toMatchObject({ code: 'ECONNRESET' }));
    expect(await isStored()).toBe(true);
    expect(spent).toEqual({ calls: 1, read: 0, write: 1 });
  });

  it('conflict of a transaction: one item conflicts, the others do not', async () => {
    inject('conflict');
    const refusal = await transact().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'TransactionCanceledException' });
    const codes = (refusal as { CancellationReasons: { Code: string }[] }).CancellationReasons.map(
      ({ Code }) => Code,
    );
    expect(codes.toSorted()).toEqual(['None', 'None', 'TransactionConflict']);
    expect(await isStored()).toBe(false);
  });

  it('conflict of a single write', async () => {
    inject('conflict');
    await expect(put()).rejects.toMatchObject({ name: 'TransactionConflictException' });
    expect(await isStored()).toBe(false);
  });

  it('conflict leaves reads alone', async () => {
    inject('conflict');
    await expect(get()).resolves.toBeDefined();
  });
});

describe('a fault hits', () => {
  it('only its operation', async () => {
    inject('error_500', { operation: 'GetItem' });
    await put();
    await expect(get()).rejects.toThrow();
  });

  it('only its region', async () => {
    inject('error_500', { region: 'eu-west-1' });
    await put();
    inject('error_500', { region: 'us-east-1' });
    await expect(put()).rejects.toThrow();
  });

  it('about its share of the calls', () => {
    inject('error_500', { rate: 0.3 });
    const hits = Array.from({ length: 2_000 }, () => database.faults.pick('PutItem', 'us-east-1'));
    const share = hits.filter((kind) => kind !== undefined).length / hits.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.4);
  });

  it('nothing any more when faults are cleared', async () => {
    inject('error_500');
    database.faults.clear();
    await put();
  });
});

describe('the proxy', () => {
  it('breaks calls off while the region is cut off, before or after their effect', async () => {
    const calls = Array.from({ length: 20 }, () => put().catch((error: unknown) => error));
    database.own.reachable.abort();
    await expect(put()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await Promise.all(calls);
    database.own.reachable = newReachability();
    await put();
    expect(await isStored()).toBe(true);
  });

  it('serves nobody it does not know', async () => {
    database.meter.forget('environment');
    await expect(put()).rejects.toMatchObject({ code: 'ECONNRESET' });
    database.meter.begin('environment', 'TEST');
  });

  it('counts for the request that the environment serves', async () => {
    database.meter.reset();
    database.meter.begin('environment', 'POST /a');
    await put();
    await get();
    database.meter.begin('environment', 'POST /b');
    await get();
    expect(database.meter.read()).toEqual([
      { name: 'POST /a', requests: 1, calls: 2, readUnits: 0.5, writeUnits: 1 },
      { name: 'POST /b', requests: 1, calls: 1, readUnits: 0.5, writeUnits: 0 },
    ]);
  });
});
