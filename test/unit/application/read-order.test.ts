import { beforeEach, describe, expect, it } from 'vitest';
import { readOrder } from '../../../lib/application/read-order.ts';
import { cancelReservation, releaseReservation } from '../../../lib/application/release-reservation.ts';
import { shipReservation } from '../../../lib/application/ship-reservation.ts';
import { AP, EU, Regions, US } from '../../support/regions.ts';
import { Shop } from '../../support/shop.ts';
import { CALLER, createWorld, TENANT } from '../../support/world.ts';

let shop: Shop;

beforeEach(async () => {
  shop = new Shop(createWorld());
  await shop.open();
});

const STEP_MS = 1_000;
const pass = () => shop.world.clock.advance(STEP_MS);

async function order(orderId: string) {
  const found = await readOrder(shop.world, TENANT, orderId);
  if (!found.ok) return found.rejection.code;
  const { timeline, lines, ...rest } = found.value;
  return {
    ...rest,
    events: timeline.map(({ event }) => event),
    units: lines.map(({ quantity }) => quantity),
  };
}

const change = (reservationId: string) => ({ reservationId, idempotency: shop.nextKey() });

describe('an order in several regions', () => {
  const statusIn = async (regions: Regions, region: string, orderId: string) => {
    const found = await readOrder(regions.in(region), TENANT, orderId);
    return found.ok ? found.value.status : found.rejection.code;
  };

  it('is queued in the region of its reservation, wherever it is asked for, and seen by all', async () => {
    const regions = new Regions();
    const [us, ap] = [US, AP].map((region) => new Shop({ ...regions.in(region), clock: regions.clock }));
    if (us === undefined || ap === undefined) throw new Error('no shops');
    await us.open();
    await regions.settle();
    const [made, late] = [await us.hold(1), await us.hold(1, 5)];
    for (const id of [made, late])
      expect(await ap.queue(id, { orderId: `of ${id}` })).toMatchObject({ ok: true });
    expect(await us.didTo(made)).toEqual(['queue']);
    for (const region of [US, EU]) expect(await statusIn(regions, region, `of ${made}`)).toBe('processing');
    await expect(ap.accept(made)).rejects.toThrow('belongs to us-east-1');
    regions.clock.advance(5_000);
    for (const id of [made, late]) await us.accept(id);
    for (const settle of [async () => undefined, () => regions.settle()]) {
      await settle();
      for (const region of [US, EU, AP]) {
        expect(await statusIn(regions, region, `of ${made}`)).toBe('accepted');
        expect(await statusIn(regions, region, `of ${late}`)).toBe('failed');
      }
    }
    regions.cutOff(US);
    expect(await statusIn(regions, EU, `of ${late}`)).toBe('failed');
  });
});

describe('an order', () => {
  it('is processing when it is confirmed, and accepted when the queue has recorded it', async () => {
    const id = await shop.hold(3);
    await shop.confirm(id, { orderId: 'order', lines: [{ sku: 'a', quantity: 2 }] });
    const seen = { orderId: 'order', reservationId: id, units: [2], duplicates: [] };
    expect(await order('order')).toEqual({ ...seen, status: 'processing', events: ['confirmed'] });
    pass();
    await shop.accept(id);
    const found = await readOrder(shop.world, TENANT, 'order');
    expect(found).toMatchObject({ ok: true, value: { status: 'accepted' } });
    const nowMs = shop.world.clock.now();
    expect(found.ok && found.value.timeline).toEqual([
      { atMs: nowMs - STEP_MS, event: 'confirmed' },
      { atMs: nowMs, event: 'accepted' },
    ]);
  });

  it('goes on with what is shipped and cancelled', async () => {
    const id = await shop.hold(3);
    await shop.confirm(id);
    pass();
    await shipReservation(shop.world, CALLER, { ...change(id), lines: [{ sku: 'a', quantity: 1 }] });
    pass();
    await shop.accept(id);
    pass();
    await cancelReservation(shop.world, CALLER, change(id));
    expect(await order(id)).toMatchObject({
      status: 'accepted',
      units: [3],
      events: ['confirmed', 'shipped', 'accepted', 'cancelled'],
    });
  });

  it.each(['order', undefined])('is found under %s while its confirmation is queued', async (orderId) => {
    const id = await shop.hold(3);
    await shop.queue(id, {
      lines: [{ sku: 'a', quantity: 2 }],
      ...(orderId === undefined ? {} : { orderId }),
    });
    const found = {
      orderId: orderId ?? id,
      reservationId: id,
      status: 'processing',
      units: [2],
      events: ['queued'],
      duplicates: [],
    };
    expect(await order(orderId ?? id)).toEqual(found);
    pass();
    await shop.accept(id);
    expect(await order(orderId ?? id)).toEqual({
      ...found,
      status: 'accepted',
      events: ['queued', 'confirmed', 'accepted'],
    });
  });

  it.each(['order', undefined])('is found under %s when it failed, and says why', async (orderId) => {
    const id = await shop.hold(3);
    await shop.queue(id, orderId === undefined ? {} : { orderId });
    pass();
    await releaseReservation(shop.world, CALLER, change(id));
    await shop.accept(id);
    expect(await order(orderId ?? id)).toEqual({
      orderId: orderId ?? id,
      reservationId: id,
      status: 'failed',
      failure: { code: 'reservation_not_held', detail: expect.any(String) },
      units: [3],
      events: ['queued', 'failed'],
      duplicates: [],
    });
  });

  it('that failed is processing when it is tried again, and accepted in the end', async () => {
    const id = await shop.hold(2);
    await shop.queue(id, { orderId: 'order', lines: [{ sku: 'a', quantity: 3 }] });
    pass();
    await shop.accept(id);
    expect(await order('order')).toMatchObject({ status: 'failed', units: [3] });
    pass();
    await shop.queue(id, { orderId: 'order' });
    expect(await order('order')).toMatchObject({ status: 'processing', units: [2] });
    pass();
    await shop.accept(id);
    const events = ['queued', 'failed', 'queued', 'confirmed', 'accepted'];
    expect(await order('order')).toMatchObject({ status: 'accepted', events });
  });

  it('failed when another order id was faster', async () => {
    const id = await shop.hold();
    await shop.queue(id, { orderId: 'slow' });
    pass();
    await shop.confirm(id, { orderId: 'fast' });
    await shop.accept(id);
    expect(await order('slow')).toMatchObject({ status: 'failed', events: ['queued', 'failed'] });
    expect(await order('fast')).toMatchObject({ status: 'accepted', events: ['confirmed', 'accepted'] });
  });

  it('is that of the first reservation that was confirmed, and names the others that were', async () => {
    const [failed, waits, second, first] = [
      await shop.hold(1, 5),
      await shop.hold(1),
      await shop.hold(1),
      await shop.hold(1),
    ];
    await shop.queue(failed, { orderId: 'order' });
    await shop.queue(waits, { orderId: 'order' });
    shop.world.clock.advance(5_000);
    await shop.accept(failed);
    expect(await order('order')).toMatchObject({
      reservationId: waits,
      status: 'processing',
      duplicates: [],
    });
    await shop.confirm(first, { orderId: 'order' });
    pass();
    await shop.confirm(second, { orderId: 'order' });
    await shop.accept(second);
    expect(await order('order')).toMatchObject({
      reservationId: first,
      status: 'processing',
      duplicates: [second],
    });
    pass();
    await shop.accept(waits);
    await shop.accept(first);
    expect(await order('order')).toMatchObject({
      reservationId: first,
      status: 'accepted',
      duplicates: [second, waits],
    });
  });

  it('is never accepted before it is confirmed, whatever clock the worker has', async () => {
    const id = await shop.hold();
    await shop.confirm(id);
    shop.world.clock.advance(-STEP_MS);
    await shop.accept(id);
    expect(await order(id)).toMatchObject({ events: ['confirmed', 'accepted'] });
  });

  it('is nowhere before anything was asked', async () => {
    const id = await shop.hold();
    await shop.queue(id, { orderId: 'order' });
    expect([await order(id), await order('other')]).toEqual(['not_found', 'not_found']);
  });
});
