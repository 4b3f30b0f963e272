import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../lib/domain/event.ts';
import { formatReservationId } from '../../lib/domain/identifiers.ts';
import type { Order } from '../../lib/domain/order.ts';
import type { Reservation } from '../../lib/domain/reservation.ts';
import { Auditor } from '../../lib/simulation/oracle/auditor.ts';
import { spineFaults } from '../../lib/simulation/oracle/event-checks.ts';
import { ImpliedMessages } from '../../lib/simulation/oracle/implied-messages.ts';
import { duplicateFaults, orderFaults } from '../../lib/simulation/oracle/order-checks.ts';
import { rollupFaults } from '../../lib/simulation/oracle/rollup-checks.ts';
import { Violation } from '../../lib/simulation/oracle/violation.ts';
import { Outages } from '../../lib/simulation/spine/outages.ts';
import { RegionSpine } from '../../lib/simulation/spine/region-spine.ts';
import { NO_SPINE_FAULTS } from '../../lib/simulation/spine/spine-rates.ts';
import { put } from '../support/guarded-writes.ts';
import { confirmation, orderRecord, quotaRecord, reservationRecord } from '../support/stored-records.ts';
import { rollupRecord } from '../support/stored-rollups.ts';
import { HERE, smallWorld } from './small-world.ts';

function openRegion() {
  const world = smallWorld();
  const spine = new RegionSpine(world, {
    region: HERE,
    rates: NO_SPINE_FAULTS,
    outages: new Outages(),
    work: async () => new Set(),
  });
  const implied = new ImpliedMessages(world.stores, spine);
  return { world, spine, implied, store: world.storeOf(HERE) };
}

const held = (given: Partial<Reservation> = {}) => reservationRecord({ region: HERE, ...given });

const confirmed = (given: Partial<Reservation> = {}): Reservation =>
  held({ status: 'confirmed', version: 2, history: [confirmation()], ...given });

/** The record of an order that is called as its reservation. */
function orderOf(reservation: Reservation, given: Partial<Order> = {}): Order {
  const reservationId = formatReservationId(reservation);
  const { region, keyHash } = reservation;
  return orderRecord({ orderId: reservationId, reservationId, region, keyHash, ...given });
}

function heldEvent(reservation: Reservation, given: Partial<DomainEvent> = {}): DomainEvent {
  return {
    id: 'evt.1',
    type: 'reservation.held',
    tenantId: reservation.tenantId,
    region: HERE,
    occurredAtMs: 1,
    subject: formatReservationId(reservation),
    sequence: 1,
    data: { reservation, version: 1, givenBack: [] },
    ...given,
  } as DomainEvent;
}

describe('what must have become of orders', () => {
  it('is one accepted record for each confirmation', async () => {
    const { store } = openRegion();
    const reservation = confirmed();
    await store.commit([put(['reservation', reservation])]);
    expect(orderFaults(store)).toEqual([expect.stringContaining('its record is missing')]);
    await store.commit([put(['order', orderOf(reservation)])]);
    expect(orderFaults(store)).toEqual([]);
  });

  it('is a failed record for each refusal', async () => {
    const { store } = openRegion();
    const refusal = { did: 'refuse', atMs: 3, code: 'reservation_expired', detail: 'Late.' } as const;
    const reservation = held({ version: 3, history: [{ did: 'queue', atMs: 2 }, refusal] });
    await store.commit([put(['reservation', reservation]), put(['order', orderOf(reservation)])]);
    expect(orderFaults(store)).toEqual([expect.stringContaining('is failed, its record is accepted')]);
  });

  it('is never that nobody judged', async () => {
    const { store } = openRegion();
    await store.commit([put(['reservation', held({ version: 2, history: [{ did: 'queue', atMs: 2 }] })])]);
    expect(orderFaults(store)).toEqual([expect.stringContaining('still queued')]);
  });

  it('is not a record that nothing caused', async () => {
    const { store } = openRegion();
    await store.commit([put(['reservation', held()]), put(['order', orderOf(held())])]);
    expect(orderFaults(store)).toEqual([expect.stringContaining('nothing says so')]);
  });

  it('is heard of when two are confirmed under one order id', async () => {
    const { store, spine } = openRegion();
    for (const keyHash of ['a'.repeat(32), 'b'.repeat(32)]) {
      await store.commit([put(['reservation', confirmed({ keyHash, orderId: 'o1' })])]);
    }
    expect(duplicateFaults(store, [spine])).toEqual([expect.stringContaining('nobody was told')]);
  });

  it('stays so once it was accepted', async () => {
    const { world, store } = openRegion();
    const homes = { first: HERE, tenants: new Map(), locations: new Map() };
    new Auditor(world, world.stores, { homes, skewMaxMs: 0 });
    const order = orderOf(confirmed(), { status: 'accepted' });
    await store.commit([put(['order', order])]);
    await world.pass(1);
    await store.commit([put(['order', { ...order, version: 2 }])]);
    await expect(world.pass(1)).rejects.toThrow(Violation);
  });
});

describe('what a bus and a log must have taken', () => {
  async function holdOne() {
    const region = openRegion();
    const reservation = held();
    await region.store.commit([put(['reservation', reservation])]);
    const faults = () =>
      spineFaults([region.spine], region.implied).filter((fault) => !fault.includes('log'));
    return { ...region, reservation, faults };
  }

  it('is every event that a commit implies', async () => {
    const { spine, reservation, faults } = await holdOne();
    expect(faults()).toEqual([expect.stringContaining('never told of reservation.held')]);
    spine.bus.take([heldEvent(reservation)]);
    expect(faults()).toEqual([]);
  });

  it('is nothing that did not happen', async () => {
    const { spine, reservation, faults } = await holdOne();
    const event = heldEvent(reservation);
    spine.bus.take([event, { ...event, id: 'evt.2', type: 'reservation.expired' } as DomainEvent]);
    expect(faults()).toContainEqual(expect.stringContaining('which did not happen'));
    expect(faults()).toContainEqual(expect.stringContaining('has the sequence of'));
  });

  it('is no event under two ids', async () => {
    const { spine, reservation, faults } = await holdOne();
    spine.bus.take([heldEvent(reservation), heldEvent(reservation, { id: 'evt.2' })]);
    expect(faults()).toContainEqual(expect.stringContaining('under two ids'));
  });

  it('is each version of a reservation', async () => {
    const { spine, implied, reservation } = await holdOne();
    spine.bus.take([heldEvent(reservation)]);
    expect(spineFaults([spine], implied)).toEqual([expect.stringContaining('lacks')]);
  });

  it('is each change of a level, as the home region stores it', async () => {
    const { spine, implied } = openRegion();
    await spine.readModel.put(rollupRecord({ level: 'in', version: 1 }));
    await spine.readModel.put(rollupRecord({ level: 'out', version: 2 }));
    expect(spineFaults([spine], implied)).toEqual([
      expect.stringMatching(/never told of stock.out of .*, 4/),
    ]);
  });
});

describe('what a rollup must say', () => {
  it('is what is so', async () => {
    const { store, spine } = openRegion();
    const quota = quotaRecord({ region: HERE, available: 5, version: 3 });
    await store.commit([put(['quota', quota])]);
    const options = { skus: [quota.sku], homeRegion: HERE };
    const { locationId, region, shard, available, promised } = quota;
    const seen = { locationId, region, shard, available, promised };
    const say = (version: number) =>
      spine.readModel.put({
        ...rollupRecord({
          sku: quota.sku,
          quotas: [{ ...seen, version: version + 1 }],
          level: 'in',
          version,
        }),
        stocks: [],
        committed: [],
      });
    await say(1);
    expect(rollupFaults(store, [spine], options)).toEqual([expect.stringContaining('version 2')]);
    await say(2);
    expect(rollupFaults(store, [spine], options)).toEqual([]);
  });

  it('is told of as its last level', async () => {
    const { store, spine } = openRegion();
    const quota = quotaRecord({ region: HERE, available: 5 });
    await store.commit([put(['quota', quota])]);
    const out = {
      id: 'evt.1',
      type: 'stock.out',
      tenantId: quota.tenantId,
      region: HERE,
      occurredAtMs: 1,
      subject: quota.sku,
      sequence: 4,
      data: { sku: quota.sku, available: 0, safetyStock: 0 },
    } as const;
    spine.bus.take([out]);
    const faults = rollupFaults(store, [spine], { skus: [quota.sku], homeRegion: HERE });
    expect(faults).toContainEqual(expect.stringContaining('the last that was told of it is stock.out'));
  });
});
