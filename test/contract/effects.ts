import { expect, it } from 'vitest';
import { ABSENT, type Condition, type FieldChange, PRESENT } from '../../lib/domain/guarded-write.ts';
import { check, put, readBack, remove, storeAll, update } from '../support/guarded-writes.ts';
import {
  confirmation,
  freshTenant,
  quotaRecord,
  reservationRecord,
  stockRecord,
} from '../support/stored-records.ts';
import type { OpenStore } from './open-store.ts';

const COMMITTED = { outcome: 'committed', after: undefined };

export function testEffects(open: OpenStore): void {
  it('puts a record that is absent, once', async () => {
    const store = open();
    const first = ['stock', stockRecord({ tenantId: freshTenant(), onHand: 1 })] as const;
    const second = ['stock', { ...first[1], onHand: 2 }] as const;
    expect(await store.commit([put(first, ABSENT)])).toEqual(COMMITTED);
    const refused = { outcome: 'refused', images: new Map([[0, first[1]]]) };
    expect(await store.commit([put(second, ABSENT)])).toEqual(refused);
    expect(await readBack(first, store)).toEqual(first[1]);
  });

  it('keeps maps whose keys are named as members of every object, put and appended', async () => {
    const store = open();
    const metadata = { constructor: 'a', prototype: 'b', toString: 'c', hasOwnProperty: 'd' };
    const held = ['reservation', reservationRecord({ tenantId: freshTenant(), metadata })] as const;
    await storeAll(store, held);
    expect(await readBack(held, store)).toEqual(held[1]);
    const entry = confirmation({ metadata });
    await store.commit([update(held, [{ change: 'append', field: 'history', value: entry }], PRESENT)]);
    expect(await readBack(held, store)).toMatchObject({ history: [{ metadata }] });
  });

  it('puts a whole record: fields it does not have are gone', async () => {
    const store = open();
    const recalled = ['quota', quotaRecord({ tenantId: freshTenant(), recalled: true })] as const;
    const plain = ['quota', quotaRecord({ tenantId: recalled[1].tenantId })] as const;
    await storeAll(store, recalled);
    expect(await store.commit([put(plain)])).toEqual(COMMITTED);
    expect(await readBack(plain, store)).toEqual(plain[1]);
  });

  it('updates fields in place and returns the record', async () => {
    const store = open();
    const quota = quotaRecord({ tenantId: freshTenant(), available: 5, promised: 2 });
    await storeAll(store, ['quota', quota]);
    const changes: FieldChange[] = [
      { change: 'add', field: 'available', by: -3 },
      { change: 'add', field: 'promised', by: 3 },
      { change: 'set', field: 'recalled', value: true },
      { change: 'add', field: 'version', by: 1 },
    ];
    const after = { ...quota, available: 2, promised: 5, recalled: true, version: 2 };
    expect(await store.commit([update(['quota', quota], changes)])).toEqual({ outcome: 'committed', after });
    expect(await readBack(['quota', quota], store)).toEqual(after);
  });

  it('creates what it updates, from the fields of its key', async () => {
    const store = open();
    const { available, version, ...empty } = quotaRecord({ tenantId: freshTenant(), shard: 3 });
    const changes: FieldChange[] = [
      { change: 'add', field: 'available', by: 7 },
      { change: 'add', field: 'promised', by: 0 },
      { change: 'add', field: 'version', by: 1 },
    ];
    const after = { ...empty, available: 7, version: 1 };
    const notRecalled: Condition = { is: 'notEqual', field: 'recalled', value: true };
    const committed = await store.commit([update(['quota', empty], changes, notRecalled)]);
    expect(committed).toEqual({ outcome: 'committed', after });
    expect(await readBack(['quota', empty], store)).toEqual(after);
  });

  it('creates nothing when the condition asks for a record', async () => {
    const store = open();
    const quota = ['quota', quotaRecord({ tenantId: freshTenant() })] as const;
    const changes: FieldChange[] = [{ change: 'add', field: 'version', by: 1 }];
    const refused = { outcome: 'refused', images: new Map([[0, undefined]]) };
    expect(await store.commit([update(quota, changes, PRESENT)])).toEqual(refused);
    expect(await readBack(quota, store)).toBeUndefined();
  });

  it('confirms in place: status, order id, version and one more entry', async () => {
    const store = open();
    const hold = reservationRecord({ tenantId: freshTenant() });
    await storeAll(store, ['reservation', hold]);
    const entry = confirmation({ orderId: 'order', metadata: { 'a.b': 'c' }, leftOut: [[0, 0, 1]] });
    const changes: FieldChange[] = [
      { change: 'set', field: 'status', value: 'confirmed' },
      { change: 'set', field: 'orderId', value: 'order' },
      { change: 'add', field: 'version', by: 1 },
      { change: 'append', field: 'history', value: entry },
    ];
    const after = { ...hold, status: 'confirmed', orderId: 'order', version: 2, history: [entry] };
    const confirm = update(['reservation', hold], changes, { is: 'equal', field: 'status', value: 'held' });
    expect(await store.commit([confirm])).toEqual({ outcome: 'committed', after });
    expect(await store.commit([confirm])).toEqual({ outcome: 'refused', images: new Map([[0, after]]) });
  });

  it('deletes a record, and does not mind one that is gone', async () => {
    const store = open();
    const stock = ['stock', stockRecord({ tenantId: freshTenant() })] as const;
    await storeAll(store, stock);
    expect(await store.commit([remove(stock, PRESENT)])).toEqual(COMMITTED);
    expect(await readBack(stock, store)).toBeUndefined();
    expect(await store.commit([remove(stock)])).toEqual(COMMITTED);
    const refused = { outcome: 'refused', images: new Map([[0, undefined]]) };
    expect(await store.commit([remove(stock, PRESENT)])).toEqual(refused);
  });

  it('changes nothing by a check', async () => {
    const store = open();
    const stock = ['stock', stockRecord({ tenantId: freshTenant() })] as const;
    await storeAll(store, stock);
    expect(await store.commit([check(stock, PRESENT)])).toEqual(COMMITTED);
    expect(await readBack(stock, store)).toEqual(stock[1]);
  });

  it('shares no state with its callers', async () => {
    const store = open();
    const tenantId = freshTenant();
    const metadata: Record<string, string> = { gift: 'yes' };
    const hold = reservationRecord({ tenantId, metadata });
    await storeAll(store, ['reservation', hold]);
    metadata['gift'] = 'no';
    const read = await store.get('reservation', { tenantId, keyHash: hold.keyHash, region: hold.region });
    expect(read?.metadata).toEqual({ gift: 'yes' });
    // A frozen record refuses the change, a fresh copy takes it; the store must not see it in either case.
    Reflect.set(read?.metadata ?? {}, 'gift', 'maybe');
    const again = await store.get('reservation', { tenantId, keyHash: hold.keyHash, region: hold.region });
    expect(again?.metadata).toEqual({ gift: 'yes' });
  });
}
