import { beforeEach, describe, expect, it } from 'vitest';
import { archiveProduct } from '../../../lib/application/archive-product.ts';
import { confirmReservation } from '../../../lib/application/confirm-reservation.ts';
import { createLocationDirectory } from '../../../lib/application/location-directory.ts';
import { putLocation } from '../../../lib/application/put-location.ts';
import { putProduct } from '../../../lib/application/put-product.ts';
import { readOrder } from '../../../lib/application/read-order.ts';
import { readStock } from '../../../lib/application/read-stock.ts';
import { recordMovement } from '../../../lib/application/record-movement.ts';
import {
  cancelReservation,
  extendReservation,
  releaseReservation,
} from '../../../lib/application/release-reservation.ts';
import { type ReserveCommand, reserveStock } from '../../../lib/application/reserve-stock.ts';
import { shipReservation } from '../../../lib/application/ship-reservation.ts';
import { sweepOnce } from '../../../lib/application/sweep.ts';
import { formatReservationId } from '../../../lib/domain/identifiers.ts';
import type { BookableMovementType } from '../../../lib/domain/movement.ts';
import { stateOf } from '../../../lib/domain/reservation-state.ts';
import { CALLER, createWorld, REGION, TENANT, type World } from '../../support/world.ts';

let world: World;
let keys = 0;

const nextKey = () => ({ key: `key-${keys++}`, fingerprint: 'same' });

async function put(sku: string, safetyStock = 0) {
  const command = { sku, name: sku, unit: 'each', attributes: {}, safetyStock };
  await putProduct(world, CALLER, { command, precondition: () => true });
}

async function move(type: BookableMovementType, sku: string, quantity: number, locationId = 'north') {
  const command = { type, sku, locationId, quantity };
  return recordMovement(world, CALLER, { command, idempotency: nextKey() });
}

const hold = (command: Partial<ReserveCommand>, idempotency = nextKey()) =>
  reserveStock(world, CALLER, {
    command: {
      lines: [{ sku: 'a', quantity: 1 }],
      ttlSeconds: 900,
      allowPartial: false,
      metadata: {},
      ...command,
    },
    idempotency,
  });

async function held(command: Partial<ReserveCommand> = {}): Promise<string> {
  const reserved = await hold(command);
  if (!reserved.ok) throw new Error(reserved.rejection.detail);
  return formatReservationId(reserved.value.reservation);
}

const request = (reservationId: string, idempotency = nextKey()) => ({ reservationId, idempotency });

async function stockOf(sku: string) {
  const stock = await readStock(world, TENANT, { sku, consistency: 'strong' });
  if (!stock.ok) throw new Error(stock.rejection.detail);
  const sum = (field: 'onHand' | 'available' | 'held' | 'committed' | 'keptBack' | 'shortage') =>
    stock.value.locations.reduce((total, location) => total + location[field], 0);
  return {
    onHand: sum('onHand'),
    available: sum('available'),
    held: sum('held'),
    committed: sum('committed'),
    keptBack: sum('keptBack'),
    shortage: sum('shortage'),
  };
}

const codeOf = (result: { ok: true } | { ok: false; rejection: { code: string } }) =>
  result.ok ? 'ok' : result.rejection.code;

beforeEach(async () => {
  world = createWorld();
  keys = 0;
  for (const [index, locationId] of ['north', 'south'].entries()) {
    const command = { locationId, name: locationId, region: REGION, type: 'warehouse', priority: index };
    await putLocation(world, CALLER, { command, precondition: () => true });
  }
  await put('a');
  await put('b');
  await move('receipt', 'a', 10);
  await move('receipt', 'b', 10);
});

describe('reserving', () => {
  it('answers a retry with the first answer, whatever has become of the hold', async () => {
    const key = nextKey();
    const first = await hold({ lines: [{ sku: 'a', quantity: 10 }] }, key);
    if (!first.ok) throw new Error('refused');
    const reservationId = formatReservationId(first.value.reservation);
    await confirmReservation(world, CALLER, { ...request(reservationId), command: {} });
    await shipReservation(world, CALLER, request(reservationId));
    const again = await hold({ lines: [{ sku: 'a', quantity: 10 }] }, key);
    expect(again).toMatchObject({ ok: true, value: { replayed: true } });
    if (!again.ok) throw new Error('refused');
    expect(stateOf(again.value.reservation, 1)).toEqual(stateOf(first.value.reservation));
  });

  it('refuses a key that was used for another body, even when nothing is left', async () => {
    const key = nextKey();
    await hold({ lines: [{ sku: 'a', quantity: 10 }] }, key);
    const other = await hold({ lines: [{ sku: 'a', quantity: 3 }] }, { ...key, fingerprint: 'other' });
    expect(codeOf(other)).toBe('idempotency_key_reused');
  });

  it('tells sold out from held, and when the first hold ends', async () => {
    await held({ lines: [{ sku: 'a', quantity: 4 }], ttlSeconds: 600 });
    await held({ lines: [{ sku: 'a', quantity: 4 }], ttlSeconds: 60 });
    const refused = await hold({ lines: [{ sku: 'a', quantity: 5 }] });
    expect(refused).toMatchObject({
      ok: false,
      rejection: {
        code: 'insufficient_stock',
        lines: [
          {
            sku: 'a',
            requested: 5,
            available: 2,
            reason: 'held',
            nextReleaseAtMs: world.clock.now() + 60_000,
          },
        ],
      },
    });
    const tooMuch = await hold({ lines: [{ sku: 'a', quantity: 11 }] });
    expect(tooMuch).toMatchObject({ rejection: { lines: [{ reason: 'sold_out' }] } });
  });

  it('takes all lines or none', async () => {
    const refused = await hold({
      lines: [
        { sku: 'a', quantity: 1 },
        { sku: 'b', quantity: 11 },
      ],
    });
    expect(codeOf(refused)).toBe('insufficient_stock');
    expect(await stockOf('a')).toMatchObject({ available: 10, held: 0 });
  });

  it('takes a part when that is allowed, and at least one unit', async () => {
    const lines = [
      { sku: 'a', quantity: 11 },
      { sku: 'b', quantity: 3 },
    ];
    const reserved = await hold({ lines, allowPartial: true });
    expect(reserved).toMatchObject({ ok: true });
    expect(await stockOf('a')).toMatchObject({ available: 0, held: 10 });
    const none = await hold({ lines: [{ sku: 'a', quantity: 1 }], allowPartial: true });
    expect(codeOf(none)).toBe('insufficient_stock');
  });

  it.each([
    ['unknown_sku', { lines: [{ sku: 'nothing', quantity: 1 }] }],
    [
      'unknown_sku',
      {
        lines: [
          { sku: 'nothing', quantity: 1 },
          { sku: 'a', quantity: 99 },
        ],
      },
    ],
    ['unknown_location', { lines: [{ sku: 'a', quantity: 1, locationId: 'nowhere' }] }],
    ['insufficient_stock', { lines: [{ sku: 'a', quantity: 1, locationId: 'south' }] }],
  ])('answers %s', async (code, command) => {
    expect(codeOf(await hold(command))).toBe(code);
  });

  it('adds up a line with and a line without the same location', async () => {
    const lines = [
      { sku: 'a', quantity: 6 },
      { sku: 'a', quantity: 5, locationId: 'north' },
    ];
    expect(codeOf(await hold({ lines }))).toBe('insufficient_stock');
    const fitting = [
      { sku: 'a', quantity: 5 },
      { sku: 'a', quantity: 5, locationId: 'north' },
    ];
    expect(codeOf(await hold({ lines: fitting }))).toBe('ok');
  });

  it('finds stock at a location that was created a moment ago, and prefers it by its priority', async () => {
    await held({ lines: [{ sku: 'a', quantity: 1 }] });
    const command = { locationId: 'first', name: 'first', region: REGION, type: 'warehouse', priority: -1 };
    await putLocation(world, CALLER, { command, precondition: () => true });
    // Another environment books the receipt: this one has not heard of the location.
    const elsewhere = { ...world, locations: createLocationDirectory(world) };
    const receipt = { type: 'receipt', sku: 'a', locationId: 'first', quantity: 5 } as const;
    await recordMovement(elsewhere, CALLER, { command: receipt, idempotency: nextKey() });
    const reserved = await hold({ lines: [{ sku: 'a', quantity: 2 }] });
    if (!reserved.ok) throw new Error('refused');
    expect(reserved.value.reservation.lines[0]?.allocations).toMatchObject([
      { locationId: 'first', quantity: 2 },
    ]);
    const rest = await hold({ lines: [{ sku: 'a', quantity: 12 }] });
    expect(codeOf(rest)).toBe('ok');
  });

  it('does not know an archived product', async () => {
    await put('old');
    await archiveProduct(world, CALLER, { sku: 'old', precondition: () => true });
    expect(codeOf(await hold({ lines: [{ sku: 'old', quantity: 1 }] }))).toBe('unknown_sku');
    expect(codeOf(await move('receipt', 'old', 1))).toBe('unknown_sku');
  });

  it('gives exactly the units there are to buyers side by side', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => hold({})));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
  });
});

describe('confirming', () => {
  it('confirms a part and gives the rest back', async () => {
    const id = await held({
      lines: [
        { sku: 'a', quantity: 4 },
        { sku: 'b', quantity: 2 },
      ],
    });
    const confirmed = await confirmReservation(world, CALLER, {
      ...request(id),
      command: { orderId: 'order-1', lines: [{ sku: 'a', quantity: 3 }] },
    });
    if (!confirmed.ok) throw new Error('refused');
    expect(stateOf(confirmed.value.reservation).lines.map(({ quantity }) => quantity)).toEqual([3, 0]);
    expect(await stockOf('a')).toMatchObject({ available: 7, held: 0, committed: 3 });
    expect(await stockOf('b')).toMatchObject({ available: 10, held: 0, committed: 0 });
  });

  it('is answered again under the same order, and refused under another', async () => {
    const id = await held();
    const confirm = (orderId?: string) =>
      confirmReservation(world, CALLER, {
        ...request(id),
        command: orderId === undefined ? {} : { orderId },
      });
    expect(await confirm('order-1')).toMatchObject({ ok: true, value: { version: 2 } });
    expect(await confirm('order-1')).toMatchObject({ ok: true, value: { version: 2 } });
    expect(codeOf(await confirm('order-2'))).toBe('reservation_not_held');
    expect(codeOf(await confirm())).toBe('reservation_not_held');
  });

  it('is refused from the expiry on, swept or not', async () => {
    const id = await held({ ttlSeconds: 5 });
    world.clock.advance(5000);
    const confirm = () => confirmReservation(world, CALLER, { ...request(id), command: {} });
    expect(codeOf(await confirm())).toBe('reservation_expired');
    await sweepOnce(world);
    expect(await stockOf('a')).toMatchObject({ available: 10, held: 0 });
    expect(codeOf(await confirm())).toBe('reservation_expired');
  });

  it('refuses more units than the hold has', async () => {
    const id = await held({ lines: [{ sku: 'a', quantity: 2 }] });
    const command = { lines: [{ sku: 'a', quantity: 3 }] };
    const refused = await confirmReservation(world, CALLER, { ...request(id), command });
    expect(codeOf(refused)).toBe('quantity_exceeds_reservation');
  });

  it('finds no reservation under other random bits or another tenant', async () => {
    const id = await held();
    const forged = id.replace(/.{12}$/, '0'.repeat(12));
    const confirm = (reservationId: string, tenantId = TENANT) =>
      confirmReservation(world, { tenantId, actor: 'x' }, { ...request(reservationId), command: {} });
    expect(codeOf(await confirm(forged))).toBe('not_found');
    expect(codeOf(await confirm(id, 'rival'))).toBe('not_found');
    expect(codeOf(await confirm('nonsense'))).toBe('not_found');
    expect(codeOf(await confirm(id))).toBe('ok');
  });

  it('makes an order, and names others confirmed under the same id', async () => {
    const [first, second] = [await held(), await held()];
    for (const id of [first, second]) {
      world.clock.advance(1);
      await confirmReservation(world, CALLER, { ...request(id), command: { orderId: 'order-1' } });
    }
    expect(await readOrder(world, TENANT, 'order-1')).toMatchObject({
      value: { orderId: 'order-1', reservationId: first, status: 'processing', duplicates: [second] },
    });
    const third = await held();
    await confirmReservation(world, CALLER, { ...request(third), command: {} });
    expect(await readOrder(world, TENANT, third)).toMatchObject({
      value: { orderId: third, reservationId: third },
    });
    expect(codeOf(await readOrder(world, TENANT, await held()))).toBe('not_found');
  });
});

describe('releasing, extending and cancelling', () => {
  it('releases a part, then the rest', async () => {
    const id = await held({ lines: [{ sku: 'a', quantity: 5 }] });
    const part = await releaseReservation(world, CALLER, {
      ...request(id),
      lines: [{ sku: 'a', quantity: 2 }],
    });
    expect(part).toMatchObject({ ok: true, value: { reservation: { status: 'held' } } });
    expect(await stockOf('a')).toMatchObject({ available: 7, held: 3 });
    const rest = await releaseReservation(world, CALLER, {
      ...request(id),
      lines: [{ sku: 'a', quantity: 3 }],
    });
    expect(rest).toMatchObject({ ok: true, value: { reservation: { status: 'released' } } });
    expect(await stockOf('a')).toMatchObject({ available: 10, held: 0 });
  });

  it('extends ten times at most, counted from now, within a day', async () => {
    const id = await held({ ttlSeconds: 60 });
    const extend = (ttlSeconds: number) => extendReservation(world, CALLER, { ...request(id), ttlSeconds });
    expect(codeOf(await extend(86_400))).toBe('ok');
    world.clock.advance(1);
    expect(codeOf(await extend(86_400))).toBe('extension_limit');
    for (let time = 1; time < 10; time += 1) {
      expect(await extend(100)).toMatchObject({
        value: { reservation: { expiresAtMs: world.clock.now() + 100_000 } },
      });
    }
    expect(codeOf(await extend(100))).toBe('extension_limit');
  });

  it('cancels what is not shipped', async () => {
    const id = await held({ lines: [{ sku: 'a', quantity: 5 }] });
    expect(codeOf(await cancelReservation(world, CALLER, request(id)))).toBe('invalid_transition');
    await confirmReservation(world, CALLER, { ...request(id), command: {} });
    await shipReservation(world, CALLER, { ...request(id), lines: [{ sku: 'a', quantity: 2 }] });
    const cancelled = await cancelReservation(world, CALLER, request(id));
    expect(cancelled).toMatchObject({ ok: true, value: { reservation: { status: 'shipped' } } });
    expect(await stockOf('a')).toMatchObject({ onHand: 8, available: 8, committed: 0 });
  });
});

describe('shipping', () => {
  it('books shipments in the ledger and answers retries with the same shipment', async () => {
    const id = await held({ lines: [{ sku: 'a', quantity: 3 }] });
    await confirmReservation(world, CALLER, { ...request(id), command: {} });
    const once = { ...request(id), carrier: 'DHL' };
    const first = await shipReservation(world, CALLER, once);
    const again = await shipReservation(world, CALLER, once);
    expect(again).toMatchObject({ ok: true, value: { replayed: true, version: 3 } });
    expect(first).toMatchObject({ ok: true, value: { replayed: false, version: 3 } });
    const ledger = await world.store.listMovements({ tenantId: TENANT, sku: 'a' }, { limit: 10 });
    expect(ledger.items.find(({ type }) => type === 'shipment')).toMatchObject({
      type: 'shipment',
      delta: -3,
      onHandAfter: 7,
    });
    expect(await stockOf('a')).toMatchObject({ onHand: 7, committed: 0 });
  });

  it('books in what no count had seen before it leaves', async () => {
    const id = await held({ lines: [{ sku: 'a', quantity: 8 }] });
    await confirmReservation(world, CALLER, { ...request(id), command: {} });
    await move('count', 'a', 3);
    expect(await stockOf('a')).toMatchObject({ onHand: 3, shortage: 5, available: 0, committed: 8 });
    await shipReservation(world, CALLER, request(id));
    expect(await stockOf('a')).toMatchObject({ onHand: 0, shortage: 0, available: 0, committed: 0 });
    const ledger = await world.store.listMovements({ tenantId: TENANT, sku: 'a' }, { limit: 10 });
    expect(ledger.items.filter(({ reason }) => reason === 'shipped_uncounted')).toMatchObject([{ delta: 5 }]);
  });

  it('ships more places than one transaction takes, and books them all', async () => {
    const places = Array.from({ length: 90 }, (_, index) => `place-${String(index).padStart(2, '0')}`);
    for (const locationId of places) {
      const command = { locationId, name: locationId, region: REGION, type: 'shop', priority: 1 };
      await putLocation(world, CALLER, { command, precondition: () => true });
      await move('receipt', 'b', 1, locationId);
    }
    const lines = [{ sku: 'b', quantity: 100 }];
    expect(codeOf(await hold({ lines }))).toBe('too_many_allocations');
    const id = await held({ lines: [{ sku: 'b', quantity: 99 }] });
    await confirmReservation(world, CALLER, { ...request(id), command: {} });
    const once = request(id);
    const shipped = await shipReservation(world, CALLER, once);
    expect(shipped).toMatchObject({
      ok: true,
      value: { reservation: { status: 'shipped' }, replayed: false },
    });
    const again = await shipReservation(world, CALLER, once);
    expect(again).toMatchObject({ ok: true, value: { replayed: true } });
    if (!again.ok) throw new Error('refused');
    const state = stateOf(again.value.reservation, again.value.version);
    expect('shipments' in state && state.shipments).toHaveLength(90);
    expect(await stockOf('b')).toMatchObject({ onHand: 1, available: 1, committed: 0 });
    expect(await world.store.claimsOn(TENANT, 'b')).toMatchObject({ unbookedShipments: [] });
  });
});

describe('shortage and safety stock', () => {
  it('keeps units back at each location, and moves them when the safety stock changes', async () => {
    await put('a', 4);
    expect(await stockOf('a')).toMatchObject({ onHand: 10, keptBack: 4, available: 6 });
    await held({ lines: [{ sku: 'a', quantity: 6 }] });
    await put('a', 7);
    expect(await stockOf('a')).toMatchObject({ keptBack: 4, available: 0, held: 6 });
    await move('receipt', 'a', 4);
    expect(await stockOf('a')).toMatchObject({ keptBack: 7, available: 1, held: 6 });
    await put('a', 0);
    expect(await stockOf('a')).toMatchObject({ keptBack: 0, available: 8, held: 6 });
  });

  it('pays a shortage off first with what comes free', async () => {
    const id = await held({ lines: [{ sku: 'a', quantity: 9 }] });
    await move('count', 'a', 5);
    expect(await stockOf('a')).toMatchObject({ onHand: 5, shortage: 4, available: 0, held: 9 });
    await releaseReservation(world, CALLER, { ...request(id), lines: [{ sku: 'a', quantity: 3 }] });
    expect(await stockOf('a')).toMatchObject({ shortage: 1, available: 0, held: 6 });
    world.clock.advance(900_000);
    await sweepOnce(world);
    expect(await stockOf('a')).toMatchObject({ onHand: 5, shortage: 0, available: 5, held: 0 });
  });

  it('refuses a write-off of promised units, and takes one of units kept back', async () => {
    await put('a', 4);
    await held({ lines: [{ sku: 'a', quantity: 5 }] });
    expect(codeOf(await move('write_off', 'a', 6))).toBe('insufficient_stock');
    expect(codeOf(await move('write_off', 'a', 5))).toBe('ok');
    expect(await stockOf('a')).toMatchObject({ onHand: 5, keptBack: 0, available: 0, held: 5 });
  });
});
