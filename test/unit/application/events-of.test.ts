import { describe, expect, it } from 'vitest';
import { duplicateOrders } from '../../../lib/application/duplicate-orders.ts';
import { eventsOf } from '../../../lib/application/events-of.ts';
import { logEntriesOf, messagesOf, orderMessagesOf } from '../../../lib/application/messages-of.ts';
import type { RecordChange } from '../../../lib/application/ports.ts';
import type { Order } from '../../../lib/domain/order.ts';
import type { RegionState } from '../../../lib/domain/region.ts';
import { put } from '../../support/guarded-writes.ts';
import { EU, Regions, US } from '../../support/regions.ts';
import {
  confirmation,
  movementRecord,
  reservationRecord,
  shipmentRecord,
  stockRecord,
} from '../../support/stored-records.ts';

const COMMITTED_AT_MS = 5_000;

const regions = new Regions();
const { deps } = { deps: regions.in(US) };

const told = (change: RecordChange) =>
  eventsOf(deps, { change, committedAtMs: COMMITTED_AT_MS }).map(({ id: _, data, ...event }) => ({
    ...event,
    data,
  }));

const orderRecord = (given: Partial<Order> = {}): Order => ({
  tenantId: 'tenant',
  orderId: 'order',
  region: US,
  keyHash: 'hash',
  reservationId: 'us.1',
  status: 'accepted',
  decidedAtMs: 1_500,
  recordedAtMs: 1_600,
  version: 1,
  ...given,
});

const draining = (given: Partial<RegionState> = {}): RegionState => ({
  region: US,
  status: 'draining',
  beatAtMs: 9,
  version: 2,
  ...given,
});

const movement = movementRecord({ region: US, stockVersion: 4 });

describe('a change', () => {
  it.each([
    ['receipt', 'stock.received'],
    ['return', 'stock.received'],
    ['write_off', 'stock.adjusted'],
    ['adjustment', 'stock.adjusted'],
    ['count', 'stock.adjusted'],
  ] as const)('that books a %s is %s', (type, event) => {
    expect(told({ entity: 'movement', after: { ...movement, type } })).toEqual([
      {
        type: event,
        tenantId: 'tenant',
        region: US,
        occurredAtMs: 1_000,
        subject: 'sku/location',
        sequence: 8,
        data: { movement: { ...movement, type } },
      },
    ]);
  });

  it('that books a shipment is told by the shipment', () => {
    expect(told({ entity: 'movement', after: { ...movement, type: 'shipment' } })).toEqual([]);
    const shipment = shipmentRecord();
    expect(told({ entity: 'shipment', after: shipment })).toMatchObject([
      { type: 'shipment.created', subject: shipment.shipmentId, sequence: 1, occurredAtMs: 1_700 },
    ]);
    const before = shipmentRecord({ bookingDueAtMs: 5 });
    expect(told({ entity: 'shipment', before, after: shipment })).toEqual([]);
  });

  it('that raises a shortage is stock.short, behind what was booked', () => {
    const before = stockRecord({ shortage: 1, version: 3 });
    const after = stockRecord({ shortage: 3, version: 4 });
    expect(told({ entity: 'stock', before, after })).toMatchObject([
      {
        type: 'stock.short',
        subject: 'sku/location',
        sequence: 9,
        occurredAtMs: COMMITTED_AT_MS,
        data: { sku: 'sku', locationId: 'location', shortage: 3 },
      },
    ]);
    expect(told({ entity: 'stock', before: after, after: before })).toEqual([]);
    expect(told({ entity: 'stock', before: after, after })).toEqual([]);
  });

  it('that judges an order is told once for each judgement', () => {
    const failure = { code: 'reservation_expired', detail: 'too late' } as const;
    const failed = orderRecord({ status: 'failed', failure });
    expect(told({ entity: 'order', after: failed })).toMatchObject([
      { type: 'order.failed', subject: 'order', sequence: 1_500, data: { orderId: 'order', ...failure } },
    ]);
    const accepted = orderRecord({ version: 2, decidedAtMs: 1_800 });
    expect(told({ entity: 'order', before: failed, after: accepted })).toMatchObject([
      { type: 'order.accepted', sequence: 1_800, data: { orderId: 'order', reservationId: 'us.1' } },
    ]);
    expect(told({ entity: 'order', before: accepted, after: { ...accepted, recordedAtMs: 9_000 } })).toEqual(
      [],
    );
  });

  it('that finds a region empty is told to operators, once', () => {
    const drained = draining({ drainedAtMs: 7_000 });
    expect(told({ entity: 'regionState', before: draining(), after: drained })).toMatchObject([
      { type: 'region.drained', tenantId: '~operator', subject: US, sequence: 7_000, data: { region: US } },
    ]);
    expect(told({ entity: 'regionState', before: drained, after: { ...drained, beatAtMs: 10 } })).toEqual([]);
  });

  it.each<RecordChange>([
    { entity: 'reservation', after: reservationRecord({ region: EU }) },
    { entity: 'movement', after: { ...movement, region: EU } },
    { entity: 'movement', after: movementRecord() },
    { entity: 'stock', after: stockRecord({ region: EU, shortage: 1 }) },
    { entity: 'shipment', after: shipmentRecord({ region: EU }) },
    { entity: 'order', after: orderRecord({ region: EU }) },
    { entity: 'regionState', after: draining({ region: EU, drainedAtMs: 1 }) },
  ])('that another region wrote is told by that region: $entity', async (change) => {
    expect(await messagesOf(deps, { change, committedAtMs: 1, notices: [] })).toEqual({
      orders: [],
      events: [],
      log: [],
    });
  });

  it('of one type and sequence has an id of its own', () => {
    const ids = ['one', 'other'].flatMap((movementId) =>
      eventsOf(deps, {
        change: { entity: 'movement', after: { ...movement, movementId } },
        committedAtMs: 1,
      }),
    );
    expect(new Set(ids.map(({ id }) => id)).size).toBe(2);
  });
});

describe('a reservation', () => {
  const held = reservationRecord({ region: US });
  const queued = {
    ...held,
    version: 2,
    history: [{ did: 'queue' as const, atMs: 1_200, orderId: 'order' }],
  };
  const confirmed = {
    ...queued,
    version: 3,
    status: 'confirmed' as const,
    history: [...queued.history, confirmation()],
  };

  it('is for the order queue when its confirmation is made or queued', () => {
    const messages = (before: typeof held, after: typeof held) =>
      orderMessagesOf(deps, { entity: 'reservation', before, after }).map(({ version }) => version);
    expect([messages(held, queued), messages(queued, confirmed), messages(held, confirmed)]).toEqual([
      [2],
      [3],
      [2, 3],
    ]);
    expect(orderMessagesOf(deps, { entity: 'reservation', after: held })).toEqual([]);
  });

  it('is told and logged version by version, also when changes were merged', () => {
    const change: RecordChange = { entity: 'reservation', before: held, after: confirmed };
    expect(told(change)).toMatchObject([{ type: 'reservation.confirmed', sequence: 3, occurredAtMs: 1_500 }]);
    const entries = logEntriesOf(deps, change);
    expect(entries.map(({ id, atMs }) => [id, atMs])).toEqual([
      ['us-east-1.hash.nonce/2', 1_200],
      ['us-east-1.hash.nonce/3', 1_500],
    ]);
  });
});

describe('two reservations for one order', () => {
  const own = orderRecord();
  const other = orderRecord({ region: EU, reservationId: 'eu.1', decidedAtMs: 1_400 });

  it('are the same event in both regions, whichever order record each of them hears of last', async () => {
    const world = new Regions();
    for (const region of [US, EU]) {
      await world.store(region).commit([put(['order', own]), put(['order', other])]);
    }
    const heard = [
      await duplicateOrders(world.in(US), { entity: 'order', after: other }, []),
      await duplicateOrders(world.in(EU), { entity: 'order', after: own }, []),
      await duplicateOrders(world.in(EU), { entity: 'order', after: other }, []),
    ];
    expect(heard[0]).toMatchObject([
      {
        type: 'order.duplicate',
        subject: 'order',
        sequence: 1_501,
        region: US,
        data: { orderId: 'order', reservationId: 'us.1', duplicateOf: 'eu.1' },
      },
    ]);
    expect(heard[1]).toEqual(heard[0]);
    expect(heard[2]).toEqual(heard[0]);
  });

  it('are no duplicate while one of them failed, or when both are of other regions', async () => {
    const world = new Regions();
    const failed = { ...other, status: 'failed' as const };
    await world.store(US).commit([put(['order', own]), put(['order', failed])]);
    expect(await duplicateOrders(world.in(US), { entity: 'order', after: own }, [])).toEqual([]);
    const third = orderRecord({ region: EU, keyHash: 'other', reservationId: 'eu.2' });
    await world.store('ap-northeast-1').commit([put(['order', other]), put(['order', third])]);
    const elsewhere = await duplicateOrders(
      world.in('ap-northeast-1'),
      { entity: 'order', after: other },
      [],
    );
    expect(elsewhere).toEqual([]);
  });

  it('are the same event when they are noticed by their idempotency key', async () => {
    const make = (region: string, atMs: number) =>
      reservationRecord({
        region,
        status: 'confirmed',
        orderId: 'order',
        version: 2,
        history: [confirmation({ orderId: 'order', atMs })],
      });
    const [here, there] = [make(US, 1_500), make(EU, 1_400)];
    const change: RecordChange = { entity: 'reservation', after: here };
    const notice = (...reservations: (typeof here)[]) => [
      { notice: 'duplicate_order' as const, reservations },
    ];
    const seen = await duplicateOrders(deps, change, notice(here, there));
    expect(seen).toMatchObject([{ type: 'order.duplicate', subject: 'order', sequence: 1_501 }]);
    expect(await duplicateOrders(deps, change, notice(there, here))).toEqual(seen);
    const world = new Regions();
    const orders = [here, there].map((reservation) =>
      orderRecord({
        region: reservation.region,
        reservationId: `${reservation.region}.hash.nonce`,
        decidedAtMs: reservation.history[0]?.atMs ?? 0,
      }),
    );
    await world.store(US).commit(orders.map((order) => put(['order', order])));
    const [first] = orders;
    if (first === undefined) throw new Error('no order');
    expect(await duplicateOrders(world.in(US), { entity: 'order', after: first }, [])).toEqual(seen);
  });
});
