/** Random histories of stock and reservations: what is told of them fits its contract, whenever it is told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { showEvent } from '../../lambdas/events/event-detail.ts';
import { confirmReservation } from '../../lib/application/confirm-reservation.ts';
import { type CommittedChange, eventsOf } from '../../lib/application/events-of.ts';
import { logEntriesOf, orderMessagesOf } from '../../lib/application/messages-of.ts';
import type { RecordChange } from '../../lib/application/ports.ts';
import { putLocation } from '../../lib/application/put-location.ts';
import { putProduct } from '../../lib/application/put-product.ts';
import { recordMovement } from '../../lib/application/record-movement.ts';
import {
  cancelReservation,
  extendReservation,
  releaseReservation,
} from '../../lib/application/release-reservation.ts';
import { reserveStock } from '../../lib/application/reserve-stock.ts';
import { shipReservation } from '../../lib/application/ship-reservation.ts';
import { sweepOnce } from '../../lib/application/sweep.ts';
import type { DomainEvent } from '../../lib/domain/event.ts';
import { formatReservationId } from '../../lib/domain/identifiers.ts';
import type { HistoryEntry } from '../../lib/domain/reservation.ts';
import type { MemoryStore } from '../../lib/simulation/memory-store.ts';
import { CALLER, createWorld, type World } from '../support/world.ts';

const SKUS = ['a', 'b'];
const PLACES = ['here', 'there'];

const sku = fc.constantFrom(...SKUS);
const locationId = fc.constantFrom(...PLACES);
const quantity = fc.integer({ min: 1, max: 6 });
const which = fc.nat({ max: 5 });
const part = fc.option(
  fc.record({ sku, quantity: fc.integer({ min: 1, max: 2 }) }).map((line) => [line]),
  { nil: undefined, freq: 1 },
);

const movement = fc.record({
  does: fc.constantFrom('receipt', 'receipt', 'return', 'write_off', 'count', 'count', 'adjustment'),
  sku,
  locationId,
  quantity,
});
const lines = fc.uniqueArray(fc.record({ sku, quantity }), {
  minLength: 1,
  maxLength: 2,
  selector: (line) => line.sku,
});
const change = fc.record({
  does: fc.constantFrom('confirm', 'confirm', 'confirm', 'release', 'extend', 'cancel', 'ship', 'ship'),
  which,
  lines: part,
});

const step = fc.oneof(
  { weight: 3, arbitrary: movement },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('hold'), lines }) },
  { weight: 8, arbitrary: change },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('wait'), seconds: fc.integer({ min: 1, max: 40 }) }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A tenant whose every change is remembered as the stream shows it. */
class History {
  readonly changes: CommittedChange[] = [];
  readonly world: World;
  readonly #reservations: string[] = [];
  #keys = 0;

  constructor(seed: number) {
    this.world = createWorld({
      seed,
      wrap: (store) => {
        (store as MemoryStore).onChange((changes) => {
          for (const { entity, before, after } of changes) {
            const change = { entity, ...(before && { before }), ...(after && { after }) } as RecordChange;
            this.changes.push({ change, committedAtMs: this.world.clock.now() });
          }
        });
        return store;
      },
    });
  }

  async open(): Promise<void> {
    const precondition = () => true;
    const product = { unit: 'each', attributes: {}, safetyStock: 1 };
    const location = { region: this.world.region, type: 'warehouse', priority: 1 };
    for (const name of SKUS) {
      await putProduct(this.world, CALLER, { command: { sku: name, name, ...product }, precondition });
    }
    for (const name of PLACES) {
      await putLocation(this.world, CALLER, {
        command: { locationId: name, name, ...location },
        precondition,
      });
    }
  }

  async take(taken: Step): Promise<void> {
    const { world } = this;
    const idempotency = { key: `key-${this.#keys++}`, fingerprint: 'same' };
    if ('seconds' in taken) {
      world.clock.advance(taken.seconds * 1_000);
      await sweepOnce(world);
    } else if ('which' in taken) {
      await this.#change(taken, idempotency);
    } else if ('locationId' in taken) {
      const { does, ...what } = taken;
      const command = { ...what, type: does as 'receipt' };
      await recordMovement(world, CALLER, { command, idempotency });
    } else {
      const command = { lines: taken.lines, ttlSeconds: 30, allowPartial: true, metadata: { a: 'b' } };
      const held = await reserveStock(world, CALLER, { command, idempotency });
      if (held.ok) this.#reservations.push(formatReservationId(held.value.reservation));
    }
  }

  async #change(taken: Extract<Step, { which: number }>, idempotency: { key: string; fingerprint: string }) {
    const reservationId = this.#reservations[taken.which % Math.max(1, this.#reservations.length)];
    if (reservationId === undefined) return;
    const request = { reservationId, idempotency };
    const lines = taken.lines === undefined ? {} : { lines: taken.lines };
    const { world } = this;
    if (taken.does === 'confirm') {
      const command = { ...lines, orderId: `order-${taken.which}` };
      await confirmReservation(world, CALLER, { ...request, command });
    } else if (taken.does === 'release') await releaseReservation(world, CALLER, { ...request, ...lines });
    else if (taken.does === 'ship') {
      await shipReservation(world, CALLER, { ...request, ...lines, carrier: 'DHL' });
    } else if (taken.does === 'extend') {
      await extendReservation(world, CALLER, { ...request, ttlSeconds: 30 });
    } else await cancelReservation(world, CALLER, request);
  }
}

const TOLD: Partial<Record<HistoryEntry['did'], string>> = {
  confirm: 'reservation.confirmed',
  release: 'reservation.released',
  extend: 'reservation.extended',
  expire: 'reservation.expired',
  cancel: 'reservation.cancelled',
};

function expectUniqueAndRising(events: readonly DomainEvent[]): void {
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const last = new Map<string, number>();
  for (const { subject, sequence } of events) {
    expect(sequence).toBeGreaterThan(last.get(subject) ?? -1);
    last.set(subject, sequence);
  }
}

/** What left a reservation is what its events say came back, and what is told is all that anybody wants to hear. */
function expectComplete(world: World, events: readonly DomainEvent[]): void {
  const reservations = (world.store as MemoryStore).all('reservation');
  const expected = reservations.flatMap((reservation) => [
    'reservation.held',
    ...reservation.history.flatMap(({ did }) => TOLD[did] ?? []),
  ]);
  const told = events.map(({ type }): string => type).filter((type) => type.startsWith('reservation.'));
  expect(told.toSorted()).toEqual(expected.toSorted());
  const shipments = (world.store as MemoryStore).all('shipment').length;
  expect(events.filter(({ type }) => type === 'shipment.created')).toHaveLength(shipments);
}

/** What histories of one region without orders and drains can tell. */
const TOLD_TYPES = [
  ...['reservation.held', ...Object.values(TOLD)],
  ...['stock.received', 'stock.adjusted', 'stock.short', 'shipment.created'],
];

describe('what is told of a random history', () => {
  it('fits its contracts, once for each thing that happened, in order', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }),
        async (seed, steps) => {
          const history = new History(seed);
          const { world, changes } = history;
          await history.open();
          for (const taken of steps) await history.take(taken);

          const events = changes.flatMap((change) => eventsOf(world, change));
          for (const event of events) {
            seen.add(event.type);
            const { detailType, detail } = showEvent(event);
            expect([detailType, detail]).toEqual([event.type, expect.objectContaining({ id: event.id })]);
            // As it is kept while nobody takes it.
            expect(world.messages.read('events', JSON.stringify(event))).toEqual(event);
          }
          expect(changes.toReversed().flatMap((change) => eventsOf(world, change).toReversed())).toEqual(
            events.toReversed(),
          );
          expectUniqueAndRising(events);
          expectComplete(world, events);

          const entries = changes.flatMap(({ change }) => logEntriesOf(world, change));
          const store = world.store as MemoryStore;
          const versions = store.all('reservation').reduce((sum, { version }) => sum + version, 0);
          expect(entries).toHaveLength(versions + store.all('movement').length);
          for (const entry of entries) {
            expect(world.messages.read('log', JSON.stringify(entry))).toEqual(entry);
          }
          const orders = changes.flatMap(({ change }) => orderMessagesOf(world, change));
          const confirmed = events.filter(({ type }) => type === 'reservation.confirmed');
          expect(orders.map(({ reservationId }) => reservationId)).toEqual(
            confirmed.map(({ subject }) => subject),
          );
        },
      ),
      { numRuns: 150 },
    );
    expect([...seen].toSorted()).toEqual(TOLD_TYPES.toSorted());
  });
});
