/** Events on the bus, orders that are decided later, and holds that end by themselves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  advance,
  type BusEvent,
  busEvents,
  checkContract,
  distinctEvents,
  pauseSources,
  quiesce,
  until,
} from './spine.ts';
import { startTestStack, stockUp, type TestStack } from './stack.ts';

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(() => test?.stack.stop());

async function hold(sku: string, quantity: number, more: object = {}): Promise<string> {
  const body = { lines: [{ sku, quantity }], ...more };
  return (await test.demo.expect(201, 'POST /reservations', body)).body.reservationId;
}
const act = (id: string, action: string, body: object = {}) =>
  test.demo.expect(200, `POST /reservations/${id}/${action}`, body);
const book = (type: string, sku: string, quantity: number) =>
  test.demo.expect(201, 'POST /movements', { type, sku, locationId: 'hall', quantity });
/** Types and sequences of what is told of a subject, each once. */
const toldOf = (events: readonly BusEvent[], subject: string) =>
  distinctEvents(events)
    .filter(({ detail }) => detail.subject === subject)
    .map(({ detailType, detail }) => `${detailType} ${detail.sequence}`);

/** A history in which everything happens that can happen in one region. */
async function everything() {
  await stockUp(test.demo, 'hall', { all: 20 });
  await test.demo.expect(200, 'PUT /products/all', { name: 'all', safetyStock: 2 });
  await quiesce(test);
  const sold = await hold('all', 5);
  await act(sold, 'extend', { ttlSeconds: 1_800 });
  await act(sold, 'release', { lines: [{ sku: 'all', quantity: 1 }] });
  await act(sold, 'confirm', { orderId: 'order-all' });
  await act(sold, 'ship', { lines: [{ sku: 'all', quantity: 1 }] });
  await act(sold, 'cancel');
  await book('adjustment', 'all', -1);
  const brief = await hold('all', 3, { ttlSeconds: 5 });
  await advance(test, 6_000);
  await quiesce(test);
  const low = await hold('all', 15);
  await quiesce(test);
  const last = await hold('all', 1);
  await quiesce(test);
  await act(last, 'release');
  await quiesce(test);
  await book('count', 'all', 10);
  await quiesce(test);
  return { sold, brief, low, last };
}

describe('events', () => {
  it('tell of everything that happens, as their contracts promise', async () => {
    const { sold, brief, last } = await everything();
    const events = await busEvents(test.control);
    for (const event of events) checkContract(event);
    expect(toldOf(events, sold)).toEqual([
      'reservation.held 1',
      'reservation.extended 2',
      'reservation.released 3',
      'reservation.confirmed 4',
      'reservation.cancelled 6',
    ]);
    expect(toldOf(events, brief)).toEqual(['reservation.held 1', 'reservation.expired 2']);
    expect(toldOf(events, last)).toEqual(['reservation.held 1', 'reservation.released 2']);
    expect(toldOf(events, 'order-all')).toEqual([expect.stringMatching(/^order.accepted \d+$/)]);
    const levels = toldOf(events, 'all').map((told) => told.split(' ')[0]);
    expect(levels).toEqual(expect.arrayContaining(['stock.low', 'stock.out', 'stock.back']));
    expect(levels.indexOf('stock.out')).toBeLessThan(levels.indexOf('stock.back'));
    const place = toldOf(events, 'all/hall').map((told) => told.split(' ')[0]);
    expect(place.toSorted()).toEqual(['stock.adjusted', 'stock.adjusted', 'stock.received', 'stock.short']);
    const shipments = events.filter(({ detailType }) => detailType === 'shipment.created');
    expect(shipments).toMatchObject([{ detail: { sequence: 1, data: { reservationId: sold } } }]);
    const expired = events.find(({ detailType }) => detailType === 'reservation.expired');
    expect(expired?.detail.data.released).toEqual([{ sku: 'all', locationId: 'hall', quantity: 3 }]);
  }, 120_000);

  it('are the same each time when who tells of them is killed again and again', async () => {
    await stockUp(test.demo, 'hall', { killed: 100 });
    const ids: string[] = [];
    for (let index = 0; index < 20; index += 1) {
      ids.push(await hold('killed', 1));
      if (index % 4 === 3) await test.control.expect(200, 'POST /regions/us-east-1/crash');
    }
    await quiesce(test);
    const events = await busEvents(test.control, 'reservation.held');
    for (const id of ids) expect(toldOf(events, id)).toEqual(['reservation.held 1']);
  }, 120_000);
});

describe('a confirmation that is queued', () => {
  const async = (idempotencyKey: string) => ({ headers: { Prefer: 'respond-async' }, idempotencyKey });

  it('is made, or fails visibly when its hold has expired meanwhile', async () => {
    const { demo } = test;
    await stockUp(demo, 'hall', { later: 10 });
    const good = await hold('later', 1);
    const late = await hold('later', 1, { ttlSeconds: 5 });
    await pauseSources(test, 'OrderWorker', true);
    for (const [id, orderId] of [
      [good, 'order-good'],
      [late, 'order-late'],
    ] as const) {
      const path = `POST /reservations/${id}/confirm`;
      const key = demo.nextKey();
      const queued = await demo.expect(202, path, { orderId }, async(key));
      expect(queued.body).toMatchObject({ status: 'held', confirmation: 'queued' });
      expect((await demo.expect(202, path, { orderId }, async(key))).body).toEqual(queued.body);
      expect((await demo.expect(200, `GET /orders/${orderId}`)).body.status).toBe('processing');
    }
    await advance(test, 6_000);
    const open = await test.control.expect(504, 'POST /quiesce', { timeoutMs: 500 });
    expect(JSON.stringify(open.body.open)).toContain('-orders');
    await pauseSources(test, 'OrderWorker', false);
    await quiesce(test);

    expect((await demo.expect(200, `GET /reservations/${good}`)).body.status).toBe('confirmed');
    expect((await demo.expect(200, 'GET /orders/order-good')).body.status).toBe('accepted');
    const reservation = await demo.expect(200, `GET /reservations/${late}`);
    expect(reservation.body).toMatchObject({ status: 'expired', confirmation: 'failed' });
    const order = await demo.expect(200, 'GET /orders/order-late');
    expect(order.body).toMatchObject({ status: 'failed', failure: { code: 'reservation_expired' } });
    const timeline = order.body.timeline.map(({ event }: { event: string }) => event);
    expect(timeline).toEqual(['queued', 'failed']);
    const events = await busEvents(test.control);
    for (const event of events) checkContract(event);
    expect(toldOf(events, 'order-late')).toEqual([expect.stringMatching(/^order.failed \d+$/)]);
    expect(toldOf(events, 'order-good')).toEqual([expect.stringMatching(/^order.accepted \d+$/)]);
  }, 120_000);
});

describe('a hold of five seconds', () => {
  it('is available again within 65, and never confirmed after five', async () => {
    const { demo } = test;
    await stockUp(demo, 'hall', { short: 2 });
    const beganAtMs = performance.now();
    const id = await hold('short', 2, { ttlSeconds: 5 });
    await sleep(5_100);
    const refused = await demo.expect(409, `POST /reservations/${id}/confirm`, {});
    expect(refused.body.code).toBe('reservation_expired');
    const leftMs = 65_000 - (performance.now() - beganAtMs);
    await until('the units are available', leftMs, async () => {
      const { body } = await demo.expect(200, 'GET /stock/short?consistency=strong');
      return body.available === 2 && body.held === 0;
    });
    const again = await demo.expect(409, `POST /reservations/${id}/confirm`, {});
    expect(again.body.code).toBe('reservation_expired');
    await hold('short', 2);
  }, 120_000);
});
