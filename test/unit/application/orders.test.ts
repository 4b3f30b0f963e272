import { beforeEach, describe, expect, it } from 'vitest';
import { UnusableMessageError } from '../../../lib/application/accept-order.ts';
import { type Store, StoreUnavailableError } from '../../../lib/application/ports.ts';
import { OrderContendedError } from '../../../lib/application/record-order.ts';
import { extendReservation, releaseReservation } from '../../../lib/application/release-reservation.ts';
import { sweepOnce } from '../../../lib/application/sweep.ts';
import { stateOf } from '../../../lib/domain/reservation-state.ts';
import { Shop } from '../../support/shop.ts';
import { CALLER, createWorld, TENANT } from '../../support/world.ts';

let shop: Shop;

/** Called before each commit of the worker. */
let beforeCommit: () => Promise<void> | undefined;

const meddling = (store: Store): Store =>
  new Proxy(store, {
    get: (target, name: keyof Store) => {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return async (...args: unknown[]) => {
        if (name === 'commit') await beforeCommit();
        return method.apply(target, args);
      };
    },
  });

/** Does something before the next commit, and only then. */
function meddle(run: () => Promise<unknown>): void {
  beforeCommit = async () => {
    beforeCommit = () => undefined;
    await run();
  };
}

beforeEach(async () => {
  beforeCommit = () => undefined;
  shop = new Shop(createWorld({ wrap: meddling }));
  await shop.open();
});

const codeOf = (result: { readonly ok: boolean; readonly rejection?: { readonly code: string } }) =>
  result.rejection?.code ?? 'ok';

const records = (orderId: string) => shop.world.store.ordersUnder(TENANT, orderId);

const release = (reservationId: string, lines?: { sku: string; quantity: number }[]) =>
  releaseReservation(shop.world, CALLER, {
    reservationId,
    idempotency: shop.nextKey(),
    ...(lines === undefined ? {} : { lines }),
  });

describe('a confirmation that is queued', () => {
  it('changes nothing but the history, and is found to be queued', async () => {
    const id = await shop.hold();
    const queued = await shop.queue(id, { orderId: 'order', metadata: { gift: 'yes' } });
    expect(queued).toMatchObject({ ok: true, value: { version: 2, replayed: false } });
    const reservation = await shop.reservation(id);
    expect(stateOf(reservation)).toMatchObject({
      status: 'held',
      metadata: {},
      confirmation: { status: 'queued' },
    });
    expect(await shop.available()).toBe(8);
    expect(await shop.world.store.reservationsOfOrder(TENANT, 'order')).toEqual([reservation]);
  });

  it('is answered the same to a retry, whatever has become of it', async () => {
    const id = await shop.hold();
    const key = shop.nextKey();
    await shop.queue(id, {}, key);
    await shop.accept(id);
    expect(await shop.queue(id, {}, key)).toMatchObject({ ok: true, value: { version: 2, replayed: true } });
    expect(codeOf(await shop.queue(id, {}, { ...key, fingerprint: 'other' }))).toBe('idempotency_key_reused');
    expect(await shop.didTo(id)).toEqual(['queue', 'confirm']);
  });

  it('is answered the same to a retry that no longer prefers to wait', async () => {
    const id = await shop.hold();
    const key = shop.nextKey();
    await shop.queue(id, {}, key);
    expect(await shop.confirm(id, {}, key)).toMatchObject({
      ok: true,
      value: { version: 2, replayed: true },
    });
    expect(await shop.didTo(id)).toEqual(['queue']);
  });

  it('waits once under its order id, and under no other', async () => {
    const id = await shop.hold();
    await shop.queue(id, { orderId: 'order' });
    expect(await shop.queue(id, { orderId: 'order' })).toMatchObject({ ok: true, value: { version: 2 } });
    expect(codeOf(await shop.queue(id, { orderId: 'other' }))).toBe('reservation_not_held');
    expect(codeOf(await shop.queue(id))).toBe('reservation_not_held');
    expect(await shop.didTo(id)).toEqual(['queue']);
  });

  it('is not queued when it is made already', async () => {
    const id = await shop.hold();
    await shop.confirm(id, { orderId: 'order' });
    expect(await shop.queue(id, { orderId: 'order' })).toMatchObject({ ok: true, value: { version: 2 } });
    expect(codeOf(await shop.queue(id, { orderId: 'other' }))).toBe('reservation_not_held');
    expect(await shop.didTo(id)).toEqual(['confirm']);
  });

  it('needs a hold that lives', async () => {
    const expired = await shop.hold(1, 5);
    const released = await shop.hold(1);
    await release(released);
    shop.world.clock.advance(5_000);
    expect(codeOf(await shop.queue(expired))).toBe('reservation_expired');
    expect(codeOf(await shop.queue(released))).toBe('reservation_not_held');
  });

  it('keeps no hold alive', async () => {
    const id = await shop.hold(2, 5);
    await shop.queue(id);
    shop.world.clock.advance(5_000);
    await sweepOnce(shop.world);
    expect(await shop.didTo(id)).toEqual(['queue', 'expire']);
    expect(await shop.available()).toBe(10);
  });
});

describe('the worker of the order queue', () => {
  it('accepts what is confirmed, once, however often and late it is told', async () => {
    const id = await shop.hold();
    await shop.confirm(id, { orderId: 'order' });
    shop.world.clock.advance(1_000);
    const nowMs = shop.world.clock.now();
    expect(await shop.accept(id, 2)).toHaveLength(1);
    const reservation = await shop.reservation(id);
    const first = await records('order');
    expect(first).toEqual([
      {
        tenantId: TENANT,
        orderId: 'order',
        region: reservation.region,
        keyHash: reservation.keyHash,
        reservationId: id,
        status: 'accepted',
        decidedAtMs: nowMs - 1_000,
        recordedAtMs: nowMs,
        version: 1,
      },
    ]);
    shop.world.clock.advance(86_400_000);
    expect(await shop.accept(id, 2)).toEqual([]);
    expect(await shop.accept(id, 1)).toEqual([]);
    expect(await records('order')).toEqual(first);
    expect(await shop.reservation(id)).toEqual(reservation);
  });

  it('calls an order without an id as its reservation', async () => {
    const id = await shop.hold();
    await shop.confirm(id);
    await shop.accept(id);
    expect(await records(id)).toMatchObject([{ orderId: id, reservationId: id, status: 'accepted' }]);
  });

  it('accepts each of two reservations under one order id', async () => {
    const ids = [await shop.hold(), await shop.hold()];
    for (const id of ids) await shop.confirm(id, { orderId: 'order' });
    for (const id of ids) await shop.accept(id);
    expect((await records('order')).map(({ reservationId }) => reservationId).toSorted()).toEqual(
      ids.toSorted(),
    );
  });

  it('has nothing to do for a hold', async () => {
    const id = await shop.hold();
    expect(await shop.accept(id)).toEqual([]);
    expect(await shop.didTo(id)).toEqual([]);
  });

  it('makes a queued confirmation, with what it asked for', async () => {
    const id = await shop.hold(5);
    const command = { orderId: 'order', lines: [{ sku: 'a', quantity: 2 }], metadata: { gift: 'yes' } };
    await shop.queue(id, command);
    shop.world.clock.advance(1_000);
    expect(await shop.accept(id)).toMatchObject([
      { status: 'accepted', decidedAtMs: shop.world.clock.now() },
    ]);
    const state = stateOf(await shop.reservation(id));
    expect(state).toMatchObject({ status: 'confirmed', orderId: 'order', metadata: { gift: 'yes' } });
    expect(state.lines).toMatchObject([{ quantity: 2 }]);
    expect(state).not.toHaveProperty('confirmation');
    expect(await shop.available()).toBe(8);
  });

  it('makes it once, however many messages there are', async () => {
    const id = await shop.hold();
    await shop.queue(id, { orderId: 'order' });
    for (let time = 0; time < 3; time += 1) await shop.accept(id, 2);
    expect(await shop.didTo(id)).toEqual(['queue', 'confirm']);
    expect(await records('order')).toMatchObject([{ status: 'accepted', version: 1 }]);
  });

  it.each([
    ['reservation_expired', async (_id: string) => shop.world.clock.advance(60_000)],
    [
      'reservation_expired',
      async (_id: string) => {
        shop.world.clock.advance(60_000);
        await sweepOnce(shop.world);
      },
    ],
    ['reservation_not_held', (id: string) => release(id)],
    ['quantity_exceeds_reservation', (id: string) => release(id, [{ sku: 'a', quantity: 1 }])],
  ])('refuses with %s what may not be made, visibly and for good', async (code, meanwhile) => {
    const id = await shop.hold(2);
    await shop.queue(id, { orderId: 'order', lines: [{ sku: 'a', quantity: 2 }] });
    await meanwhile(id);
    const available = await shop.available();
    const before = stateOf(await shop.reservation(id));
    await shop.accept(id);
    const reservation = await shop.reservation(id);
    expect(reservation.history.at(-1)).toMatchObject({ did: 'refuse', code });
    expect(stateOf(reservation)).toMatchObject({
      status: before.status,
      lines: before.lines,
      confirmation: { status: 'failed', code },
    });
    expect(await shop.available()).toBe(available);
    expect(await records('order')).toMatchObject([
      { status: 'failed', failure: { code }, decidedAtMs: shop.world.clock.now(), version: 1 },
    ]);
    expect(await shop.world.store.reservationsOfOrder(TENANT, 'order')).toEqual([]);
    // Its record came with the refusal: there is nothing more to write.
    beforeCommit = () => Promise.reject(new Error('a needless write'));
    for (let time = 0; time < 3; time += 1) expect(await shop.accept(id)).toEqual([]);
    expect(await shop.reservation(id)).toEqual(reservation);
  });

  it('writes a refusal and its record together or not at all', async () => {
    const id = await shop.hold(2, 5);
    await shop.queue(id, { orderId: 'order' });
    shop.world.clock.advance(5_000);
    beforeCommit = () => Promise.reject(new StoreUnavailableError('away'));
    await expect(shop.accept(id)).rejects.toThrow(StoreUnavailableError);
    expect([await shop.didTo(id), await records('order')]).toEqual([['queue'], []]);
    beforeCommit = () => undefined;
    await shop.accept(id);
    expect([await shop.didTo(id), (await records('order')).length]).toEqual([['queue', 'refuse'], 1]);
  });

  it('accepts an order that failed when it is confirmed after all', async () => {
    const id = await shop.hold(2);
    await shop.queue(id, { orderId: 'order', lines: [{ sku: 'a', quantity: 3 }] });
    await shop.accept(id);
    await shop.queue(id, { orderId: 'order', lines: [{ sku: 'a', quantity: 4 }] });
    shop.world.clock.advance(1_000);
    await shop.accept(id);
    expect(await records('order')).toMatchObject([{ status: 'failed', version: 2 }]);
    await shop.confirm(id, { orderId: 'order' });
    await shop.accept(id);
    await shop.accept(id, 2);
    const [record] = await records('order');
    expect(record).toMatchObject({ status: 'accepted', version: 3 });
    expect(record).not.toHaveProperty('failure');
  });

  it('fails a queued confirmation that another order id was faster than', async () => {
    const id = await shop.hold();
    await shop.queue(id, { orderId: 'slow' });
    await shop.confirm(id, { orderId: 'fast' });
    const reservation = await shop.reservation(id);
    for (let time = 0; time < 2; time += 1) await shop.accept(id);
    expect(await records('fast')).toMatchObject([{ status: 'accepted', version: 1 }]);
    expect(await records('slow')).toMatchObject([
      { status: 'failed', failure: { code: 'reservation_not_held' }, version: 1 },
    ]);
    expect(await shop.reservation(id)).toEqual(reservation);
  });

  it('sees what is confirmed, released or extended between its look and its write', async () => {
    const confirmed = await shop.hold();
    await shop.queue(confirmed, { orderId: 'slow' });
    meddle(() => shop.confirm(confirmed, { orderId: 'fast' }));
    await shop.accept(confirmed);
    expect(await records('slow')).toMatchObject([{ status: 'failed' }]);
    expect(await records('fast')).toMatchObject([{ status: 'accepted' }]);

    const released = await shop.hold();
    await shop.queue(released, { orderId: 'gone' });
    meddle(() => release(released));
    await shop.accept(released);
    expect(await shop.didTo(released)).toEqual(['queue', 'release', 'refuse']);

    const extended = await shop.hold();
    await shop.queue(extended, { orderId: 'kept' });
    const extend = { reservationId: extended, idempotency: shop.nextKey(), ttlSeconds: 60 };
    meddle(() => extendReservation(shop.world, CALLER, extend));
    await shop.accept(extended);
    expect(await shop.didTo(extended)).toEqual(['queue', 'extend', 'confirm']);
  });

  it('is right beside another worker that is faster', async () => {
    const [made, refused] = [await shop.hold(), await shop.hold(2, 5)];
    await shop.queue(made, { orderId: 'made' });
    await shop.queue(refused, { orderId: 'refused' });
    shop.world.clock.advance(5_000);
    for (const id of [made, refused]) {
      meddle(() => shop.accept(id));
      await shop.accept(id);
    }
    expect(await shop.didTo(made)).toEqual(['queue', 'confirm']);
    expect(await shop.didTo(refused)).toEqual(['queue', 'refuse']);
    expect(await records('made')).toMatchObject([{ status: 'accepted', version: 1 }]);
    expect(await records('refused')).toMatchObject([{ status: 'failed', version: 1 }]);
  });

  it('does not write over the record of another worker that is faster', async () => {
    const id = await shop.hold(2);
    await shop.queue(id, { orderId: 'order', lines: [{ sku: 'a', quantity: 3 }] });
    await shop.accept(id);
    await shop.confirm(id, { orderId: 'order' });
    // The first write finds the record of the failure; before the second one, another worker replaces that.
    meddle(async () => {
      meddle(async () => {
        expect(await shop.accept(id)).toMatchObject([{ status: 'accepted', version: 2 }]);
        shop.world.clock.advance(1_000);
      });
    });
    const nowMs = shop.world.clock.now();
    expect(await shop.accept(id)).toEqual([]);
    expect(await records('order')).toMatchObject([{ status: 'accepted', version: 2, recordedAtMs: nowMs }]);
  });

  it('leaves for later what others are in the way of', async () => {
    const id = await shop.hold();
    await shop.queue(id);
    const busy = { ...shop.world.store, commit: async () => ({ outcome: 'contended' as const }) };
    const store = Object.assign(Object.create(shop.world.store), busy);
    const there = new Shop({ ...shop.world, store });
    await expect(there.accept(id)).rejects.toThrow(OrderContendedError);
    expect(await shop.didTo(id)).toEqual(['queue']);
    const confirmed = await shop.hold();
    await shop.confirm(confirmed);
    await expect(there.accept(confirmed)).rejects.toThrow(OrderContendedError);
    expect(await records(confirmed)).toEqual([]);
  });

  it('throws for a message that names nothing there is', async () => {
    const id = await shop.hold();
    const stranger = id.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const unknown = id.replace(/\.[0-9a-f]{32}\./, `.${'0'.repeat(32)}.`);
    for (const named of ['nonsense', stranger, unknown]) {
      await expect(shop.accept(named)).rejects.toThrow(UnusableMessageError);
    }
    const elsewhere = shop.accept(id.replace('us-east-1', 'eu-west-1'));
    await expect(elsewhere).rejects.toThrow(
      new UnusableMessageError('The reservation belongs to eu-west-1.'),
    );
    await expect(shop.accept(id, 2)).rejects.toThrow(UnusableMessageError);
  });
});
