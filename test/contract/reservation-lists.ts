import { expect, it } from 'vitest';
import type { FieldChange } from '../../lib/domain/guarded-write.ts';
import type { Order } from '../../lib/domain/order.ts';
import type { HistoryEntry, Reservation } from '../../lib/domain/reservation.ts';
import { type Named, put, storeAll, update } from '../support/guarded-writes.ts';
import { allPages } from '../support/pages.ts';
import { confirmation, freshTenant, orderRecord, reservationRecord } from '../support/stored-records.ts';
import type { OpenStore } from './open-store.ts';

/** Enough to be in every shard of a list. */
const MANY = 30;

const hold = (tenantId: string, keyHash: string, given: Partial<Reservation> = {}): Named => [
  'reservation',
  reservationRecord({ tenantId, keyHash, ...given }),
];

const hashesOf = (reservations: readonly Reservation[]) => reservations.map(({ keyHash }) => keyHash);

/** As a confirmation does it: in place. */
function confirm(named: Named, orderId: string, atMs: number) {
  const changes: FieldChange[] = [
    { change: 'set', field: 'status', value: 'confirmed' },
    { change: 'set', field: 'orderId', value: orderId },
    { change: 'add', field: 'version', by: 1 },
    { change: 'append', field: 'history', value: confirmation({ orderId, atMs }) },
  ];
  return update(named, changes, { is: 'equal', field: 'status', value: 'held' });
}

export function testReservationLists(open: OpenStore): void {
  it('lists reservations newest first, page by page', async () => {
    const store = open();
    const tenantId = freshTenant();
    const created = Array.from({ length: MANY }, (_, index) =>
      // Three of each millisecond: the order is total nevertheless.
      hold(tenantId, `h${String(index).padStart(2, '0')}`, { createdAtMs: 1_000 + Math.floor(index / 3) }),
    );
    await storeAll(store, ...created);
    const newestFirst = Array.from({ length: MANY }, (_, index) => `h${String(index).padStart(2, '0')}`);
    newestFirst.reverse();
    for (const limit of [1, 7, MANY, MANY + 1]) {
      const pages = await allPages(limit, (page) => store.listReservations({ tenantId }, page));
      expect(pages.flatMap(hashesOf)).toEqual(newestFirst);
      expect(pages).toHaveLength(Math.ceil(MANY / limit));
    }
    const first = await store.listReservations({ tenantId }, { limit: 1 });
    expect(first.next).toBe('0000000001009#h29.us-east-1');
    expect(first.items).toEqual([created.at(-1)?.[1]]);
  });

  it('lists a reservation in every state, as it is now', async () => {
    const store = open();
    const tenantId = freshTenant();
    const ended = hold(tenantId, 'ended', { status: 'released', version: 2 });
    await storeAll(store, hold(tenantId, 'ended'), hold(tenantId, 'held'));
    await store.commit([put(ended)]);
    const { items } = await store.listReservations({ tenantId }, { limit: 9 });
    expect(items.find(({ keyHash }) => keyHash === 'ended')).toEqual(ended[1]);
    expect(items).toHaveLength(2);
  });

  it('lists the reservations of a reference, whatever it contains', async () => {
    const store = open();
    const tenantId = freshTenant();
    const references = ['cart', 'cart#1', 'cart ', '購物車 🛒', '#', `T#${tenantId}#REF#cart`];
    await storeAll(
      store,
      ...references.flatMap((reference, index) => [
        hold(tenantId, `old-${index}`, { reference, createdAtMs: 1 }),
        hold(tenantId, `new-${index}`, { reference, createdAtMs: 2 }),
      ]),
      hold(tenantId, 'none'),
    );
    for (const [index, reference] of references.entries()) {
      const pages = await allPages(1, (page) => store.listReservations({ tenantId, reference }, page));
      expect(pages.flatMap(hashesOf)).toEqual([`new-${index}`, `old-${index}`]);
    }
    const unknown = await store.listReservations({ tenantId, reference: 'Cart' }, { limit: 9 });
    expect(unknown).toEqual({ items: [] });
  });

  it('lists the reservations of its tenant only', async () => {
    const store = open();
    const [mine, other] = [freshTenant(), freshTenant()];
    const given = { reference: 'cart', orderId: 'order', history: [confirmation()] };
    await storeAll(store, hold(mine, 'mine', given), hold(other, 'theirs', given));
    const listed = [
      (await store.listReservations({ tenantId: mine }, { limit: 9 })).items,
      (await store.listReservations({ tenantId: mine, reference: 'cart' }, { limit: 9 })).items,
      await store.reservationsOfOrder(mine, 'order'),
    ];
    expect(listed.map(hashesOf)).toEqual([['mine'], ['mine'], ['mine']]);
  });

  it('finds the reservations of an order, the first confirmed first', async () => {
    const store = open();
    const tenantId = freshTenant();
    const [late, early, other] = [
      hold(tenantId, 'late', { createdAtMs: 1 }),
      hold(tenantId, 'early', { createdAtMs: 2 }),
      hold(tenantId, 'other'),
    ];
    await storeAll(store, late, early, other, hold(tenantId, 'held'));
    await store.commit([confirm(late, 'order', 20)]);
    await store.commit([confirm(early, 'order', 10)]);
    await store.commit([confirm(other, 'order#2', 5)]);
    const found = await store.reservationsOfOrder(tenantId, 'order');
    expect(hashesOf(found)).toEqual(['early', 'late']);
    expect(found[0]).toMatchObject({ status: 'confirmed', orderId: 'order', version: 2 });
    expect(await store.reservationsOfOrder(tenantId, 'unknown')).toEqual([]);
  });

  it('finds a reservation whose confirmation waits under an order id, and no longer once it is refused', async () => {
    const store = open();
    const tenantId = freshTenant();
    const named = (keyHash: string, orderId: string, ...later: HistoryEntry[]) =>
      hold(tenantId, keyHash, {
        queuedAtMs: 10,
        version: 2 + later.length,
        history: [{ did: 'queue', atMs: 10, orderId }, ...later],
      });
    const [first, second] = [hold(tenantId, 'confirmed'), named('waits', 'order')];
    const refusal: HistoryEntry = { did: 'refuse', atMs: 11, code: 'reservation_expired', detail: 'late' };
    await storeAll(store, first, second, named('refused', 'order', refusal), named('unnamed', 'other'));
    await store.commit([confirm(first, 'order', 20)]);
    expect(hashesOf(await store.reservationsOfOrder(tenantId, 'order'))).toEqual(['waits', 'confirmed']);
    const overtaken = named('waits', 'order', confirmation({ orderId: 'fast', atMs: 12 }));
    await store.commit([
      put(['reservation', { ...overtaken[1], status: 'confirmed', orderId: 'fast' } as Reservation]),
    ]);
    expect(hashesOf(await store.reservationsOfOrder(tenantId, 'order'))).toEqual(['confirmed']);
    expect(hashesOf(await store.reservationsOfOrder(tenantId, 'fast'))).toEqual(['waits']);
  });

  it('finds what the order queue recorded under an order id, whatever it contains', async () => {
    const store = open();
    const [tenantId, other] = [freshTenant(), freshTenant()];
    const record = (given: Partial<Order>): Named => ['order', orderRecord({ tenantId, ...given })];
    const found = [
      record({ orderId: 'order#1', keyHash: 'a', region: 'eu-west-1' }),
      record({ orderId: 'order#1', keyHash: 'a' }),
      record({
        orderId: 'order#1',
        keyHash: 'b',
        status: 'failed',
        failure: { code: 'contended', detail: 'x' },
      }),
    ];
    await storeAll(store, ...found, record({ orderId: 'order' }), [
      'order',
      orderRecord({ tenantId: other }),
    ]);
    const orders = await store.ordersUnder(tenantId, 'order#1');
    expect(orders).toHaveLength(3);
    expect(orders).toEqual(expect.arrayContaining(found.map(([, stored]) => stored)));
    expect(await store.ordersUnder(tenantId, 'order#2')).toEqual([]);
  });

  it('still finds the reservation of an order once it is shipped or cancelled', async () => {
    const store = open();
    const tenantId = freshTenant();
    const named = hold(tenantId, 'hash');
    await storeAll(store, named);
    await store.commit([confirm(named, 'order', 10)]);
    const history = [confirmation({ orderId: 'order', atMs: 10 }), { did: 'cancel', atMs: 11 } as const];
    const cancelled = hold(tenantId, 'hash', { status: 'cancelled', orderId: 'order', version: 3, history });
    await store.commit([put(cancelled)]);
    expect(await store.reservationsOfOrder(tenantId, 'order')).toEqual([cancelled[1]]);
  });
}
