import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../lib/adapters/dynamodb/client.ts';
import { indexAttributes } from '../../lib/adapters/dynamodb/index-keys.ts';
import { toItem } from '../../lib/adapters/dynamodb/items.ts';
import type { DynamoDbStore } from '../../lib/adapters/dynamodb/store.ts';
import { ABSENT, type Condition, type FieldChange, PRESENT } from '../../lib/domain/guarded-write.ts';
import { type Named, put, storeAll, update } from '../support/guarded-writes.ts';
import { type LocalDatabase, startLocalDatabase } from '../support/local-database.ts';
import {
  confirmation,
  freshTenant,
  linesOf,
  movementRecord,
  productRecord,
  quotaRecord,
  REGION,
  reservationRecord,
  stockRecord,
} from '../support/stored-records.ts';

let database: LocalDatabase;
let store: DynamoDbStore;

beforeAll(async () => {
  database = await startLocalDatabase();
  store = database.open();
});
afterAll(() => database.stop());

/** Writes an item as only a bug or another version could. */
async function putItem(item: Record<string, unknown>): Promise<void> {
  const client = createClient(database.connection);
  await client.send(new PutCommand({ TableName: database.tableName, Item: item }));
  client.destroy();
}

describe('units of one quota', () => {
  const UNITS = 50;
  const TAKERS = 200;
  const changes: FieldChange[] = [
    { change: 'add', field: 'available', by: -1 },
    { change: 'add', field: 'promised', by: 1 },
    { change: 'add', field: 'version', by: 1 },
  ];
  const one: Condition = { is: 'atLeast', field: 'available', value: 1 };

  it.each([
    ['transactions with their reservations', true],
    ['single updates', false],
  ])('are taken once each by as many %s at the same time', async (_, withReservation) => {
    const tenantId = freshTenant();
    const quota = quotaRecord({ tenantId, available: UNITS });
    await storeAll(store, ['quota', quota]);
    const outcomes = await Promise.all(
      Array.from({ length: TAKERS }, (_unused, index) => {
        const hold = reservationRecord({ tenantId, keyHash: `h${index}`, lines: [] });
        const take = update(['quota', quota], changes, one);
        return store.commit(withReservation ? [take, put(['reservation', hold], ABSENT)] : [take]);
      }),
    );
    const committed = outcomes.filter(({ outcome }) => outcome === 'committed');
    const refused = outcomes.filter(({ outcome }) => outcome === 'refused');
    expect([committed.length, refused.length]).toEqual([UNITS, TAKERS - UNITS]);
    const last = { ...quota, available: 0, promised: UNITS, version: UNITS + 1 };
    expect(await store.get('quota', quota)).toEqual(last);
    for (const commit of refused) {
      expect(commit).toEqual({ outcome: 'refused', images: new Map([[0, last]]) });
    }
    const { items } = await store.listReservations({ tenantId }, { limit: 999 });
    expect(items).toHaveLength(withReservation ? UNITS : 0);
  });
});

describe('an index that is late', () => {
  /** The item of a record as it is now, still at its old places in the indexes. */
  const late = (now: ReturnType<typeof reservationRecord>, before: typeof now) =>
    putItem({ ...toItem('reservation', now, REGION), ...indexAttributes('reservation', before, REGION) });

  it('names no hold as due that has ended, or lives longer by now', async () => {
    const region = 'late-1';
    const regional = database.open({ region });
    const held = reservationRecord({ tenantId: freshTenant(), region, expiresAtMs: 5 });
    await late({ ...held, status: 'released' }, held);
    await late({ ...held, keyHash: 'extended', expiresAtMs: 50 }, { ...held, keyHash: 'extended' });
    await late({ ...held, keyHash: 'due' }, { ...held, keyHash: 'due' });
    const { reservations } = await regional.dueWork(10);
    expect(reservations.map(({ keyHash }) => keyHash)).toEqual(['due']);
  });

  it('names no claim that has ended', async () => {
    const tenantId = freshTenant();
    const lines = linesOf('shirt', 'shoe');
    const held = reservationRecord({ tenantId, lines });
    await late({ ...held, status: 'expired' }, held);
    expect((await store.claimsOn(tenantId, 'shirt')).reservations).toEqual([]);
  });
});

describe('a stored item', () => {
  it('that is malformed is a bug that names it', async () => {
    const tenantId = freshTenant();
    const item = toItem('quota', quotaRecord({ tenantId }), REGION);
    await putItem({ ...item, available: -1 });
    const where = `quota stored as T#${tenantId}#SKU#sku|QUOTA#location#us-east-1#00 is malformed`;
    await expect(store.get('quota', quotaRecord({ tenantId }))).rejects.toThrow(where);
    await expect(store.readSku(tenantId, 'sku', 'strong')).rejects.toThrow(where);
  });

  it('keeps what a newer version added, through reading and putting', async () => {
    const tenantId = freshTenant();
    const product = productRecord({ tenantId });
    await putItem({ ...toItem('product', product, REGION), weightGrams: 7 });
    const read = await store.get('product', product);
    expect(read).toEqual({ ...product, weightGrams: 7 });
    await storeAll(store, ['product', { ...(read ?? product), name: 'New' }]);
    expect(await store.get('product', product)).toEqual({ ...product, name: 'New', weightGrams: 7 });
  });

  it('has no attribute for an index it is not in', async () => {
    const item = toItem('reservation', reservationRecord({ status: 'released' }), REGION);
    const attributes = Object.keys(item).filter((name) => /(Pk|Sk|skus|claims)$/.test(name));
    expect(attributes).toEqual(['listPk', 'listSk']);
  });

  it.each([
    ['stock', stockRecord({ onHand: -1 })],
    ['stock', stockRecord({ onHand: 0.5 })],
    ['stock', stockRecord({ onHand: 2 ** 53 })],
    ['product', productRecord({ attributes: { size: null as never } })],
    ['reservation', reservationRecord({ history: [confirmation({ atMs: Number.NaN })] })],
  ] as const)('is never made of a malformed record: %s %#', async (...named) => {
    await expect(store.commit([put(named)])).rejects.toThrow('is malformed');
  });
});

describe('a ledger of several pages', () => {
  it('is summed as a whole', async () => {
    const tenantId = freshTenant();
    // A page of a query is one megabyte: this is one and a half.
    const movements = Array.from(
      { length: 500 },
      (_, index): Named => [
        'movement',
        movementRecord({ tenantId, movementId: `m${index}`, delta: index, reason: 'x'.repeat(3_000) }),
      ],
    );
    await storeAll(store, ...movements);
    expect(await store.ledgerSums(tenantId, 'sku')).toEqual(new Map([['location', (500 * 499) / 2]]));
    const { items, next } = await store.listMovements({ tenantId, sku: 'sku' }, { limit: 499 });
    expect(items).toHaveLength(499);
    expect(next).toBe('0000000001000#m1');
  });
});

describe('what is due', () => {
  it('is counted in all shards', async () => {
    const region = 'count-1';
    const regional = database.open({ region });
    const holds = Array.from(
      { length: 40 },
      (_, index): Named => [
        'reservation',
        reservationRecord({ tenantId: 't', region, keyHash: `h${index}`, expiresAtMs: 10 + index }),
      ],
    );
    await storeAll(regional, ...holds);
    const counts = [9, 10, 29, 49, 99].map((nowMs) => regional.countDue(nowMs));
    expect(await Promise.all(counts)).toEqual([0, 1, 20, 40, 40]);
  });

  it('is nothing once a hold was confirmed in place', async () => {
    const region = 'count-2';
    const regional = database.open({ region });
    const hold = ['reservation', reservationRecord({ tenantId: 't', region, keyHash: 'confirmed' })] as const;
    await storeAll(regional, hold);
    expect(await regional.countDue(9_999)).toBe(1);
    const changes: FieldChange[] = [{ change: 'set', field: 'status', value: 'confirmed' }];
    await regional.commit([update(hold, changes, PRESENT)]);
    expect(await regional.countDue(9_999)).toBe(0);
  });
});
