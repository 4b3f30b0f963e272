import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createStore } from '../../lib/adapters/dynamodb/store.ts';
import { StoreUnavailableError } from '../../lib/application/ports.ts';
import { ABSENT, PRESENT } from '../../lib/domain/guarded-write.ts';
import { CREDENTIALS } from '../support/credentials.ts';
import { put, update } from '../support/guarded-writes.ts';
import { fail, type ScriptedRequest, script, skipWaitsOfSdk, succeed } from '../support/scripted-database.ts';
import { STOCK_ITEM, stockRecord } from '../support/stored-records.ts';

/** Attempts of the SDK at one request. */
const SDK_ATTEMPTS = 3;

const stock = stockRecord();
const single = [put(['stock', stock], ABSENT)];

beforeEach(skipWaitsOfSdk);

describe('a database that is out of reach', () => {
  const calls = {
    commit: (store) => store.commit(single),
    get: (store) => store.get('stock', stock),
    getMany: (store) => store.getMany([{ entity: 'stock', key: stock }], 'strong'),
    readSku: (store) => store.readSku('tenant', 'sku', 'eventual'),
    dueWork: (store) => store.dueWork(1),
    listProducts: (store) => store.listProducts('tenant', '', { limit: 1 }),
    ping: (store) => store.ping(),
  } satisfies Record<string, (store: Awaited<ReturnType<typeof script>>['store']) => Promise<unknown>>;

  it.each(Object.entries(calls))('%s: errors of the server', async (_, call) => {
    const { store, requests } = await script(fail('InternalServerError', {}, 500));
    const error = await call(store).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect((error as Error).cause).toMatchObject({ name: 'InternalServerError' });
    expect(requests.length).toBeGreaterThanOrEqual(SDK_ATTEMPTS);
  });

  it.each(Object.entries(calls))('%s: lost connections', async (_, call) => {
    const { store } = await script('lose');
    await expect(call(store)).rejects.toThrow(StoreUnavailableError);
  });

  it('nobody listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const store = createStore({
      tableName: 'none',
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: CREDENTIALS,
    });
    onTestFinished(() => store.close());
    await expect(store.ping()).rejects.toThrow(StoreUnavailableError);
  });

  it('reads that stay throttled', async () => {
    const { store, requests } = await script(fail('ThrottlingException'));
    await expect(store.get('stock', stock)).rejects.toThrow(StoreUnavailableError);
    expect(requests).toHaveLength(SDK_ATTEMPTS);
  });

  it.each(['AccessDeniedException', 'ResourceNotFoundException', 'ValidationException'])(
    '%s is no outage: nobody should wait for it to pass',
    async (name) => {
      const { store, requests } = await script(fail(name));
      const expected = expect.objectContaining({ name });
      await expect(store.get('stock', stock)).rejects.toEqual(expected);
      await expect(store.commit(single)).rejects.toEqual(expected);
      expect(requests).toHaveLength(2);
    },
  );
});

describe('reads in parts', () => {
  const keys = { Keys: [{ pk: { S: 'T#tenant#SKU#sku' }, sk: { S: 'STOCK#location' } }] };
  const refs = [{ entity: 'stock', key: stock }] as const;

  it('asks for the keys of a batch that were left out', async () => {
    const { store, requests, waits } = await script(
      succeed({
        Responses: { scripted: [] },
        UnprocessedKeys: { scripted: { ...keys, ConsistentRead: true } },
      }),
      succeed({ Responses: { scripted: [STOCK_ITEM] } }),
    );
    expect(await store.getMany(refs, 'strong')).toEqual([stock]);
    expect(requests[1]?.body).toEqual({ RequestItems: { scripted: { ...keys, ConsistentRead: true } } });
    expect(waits).toHaveLength(1);
  });

  it('asks for every key of more than it asks for at once, each once', async () => {
    const keysOf = ({ body }: ScriptedRequest) =>
      (body['RequestItems'] as { scripted: { Keys: readonly unknown[] } }).scripted.Keys;
    const { store, requests } = await script(succeed({ Responses: { scripted: [] } }));
    const many = Array.from(
      { length: 1_750 },
      (_, index) => ({ entity: 'stock', key: { ...stock, sku: `sku-${index}` } }) as const,
    );
    expect(await store.getMany(many, 'strong')).toHaveLength(1_750);
    const asked = requests.flatMap(keysOf).map((key) => JSON.stringify(key));
    expect(asked).toHaveLength(1_750);
    expect(new Set(asked).size).toBe(1_750);
  });

  it('gives up on keys that are left out for ever', async () => {
    const { store, requests } = await script(succeed({ UnprocessedKeys: { scripted: keys } }));
    await expect(store.getMany(refs, 'strong')).rejects.toThrow(StoreUnavailableError);
    expect(requests.length).toBeLessThanOrEqual(8);
  });

  const next = { pk: { S: 'T#tenant#LEDGER#sku' }, sk: { S: '0000000000007#m' } };

  it('ends a ledger that does not end', async () => {
    const { store, requests } = await script(succeed({ Items: [], LastEvaluatedKey: next }));
    await expect(store.ledgerSums('tenant', 'sku')).rejects.toThrow('More than 200 pages');
    expect(requests).toHaveLength(200);
  });

  it('says where to go on when few of many movements are at the location', async () => {
    const { store, requests } = await script(succeed({ Items: [], LastEvaluatedKey: next }));
    const query = { tenantId: 'tenant', sku: 'sku', locationId: 'location' };
    const page = await store.listMovements(query, { limit: 5 });
    expect(page).toEqual({ items: [], next: '0000000000007#m' });
    expect(requests).toHaveLength(8);
  });

  it('returns the record that an update leaves', async () => {
    const { store, requests } = await script(succeed({ Attributes: STOCK_ITEM }));
    const write = update(['stock', stock], [{ change: 'add', field: 'version', by: 1 }], PRESENT);
    expect(await store.commit([write])).toEqual({ outcome: 'committed', after: stock });
    expect(requests[0]?.body['ReturnValues']).toBe('ALL_NEW');
  });
});
