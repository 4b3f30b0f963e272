/** The log of any history, shuffled and doubled, replays to what the store holds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmReservation } from '../../lib/application/confirm-reservation.ts';
import type { LogEntry } from '../../lib/application/ports.ts';
import { putLocation } from '../../lib/application/put-location.ts';
import { putProduct } from '../../lib/application/put-product.ts';
import { readStock } from '../../lib/application/read-stock.ts';
import { recordMovement } from '../../lib/application/record-movement.ts';
import { cancelReservation, releaseReservation } from '../../lib/application/release-reservation.ts';
import { reserveStock } from '../../lib/application/reserve-stock.ts';
import { shipReservation } from '../../lib/application/ship-reservation.ts';
import { sweepOnce } from '../../lib/application/sweep.ts';
import { formatReservationId } from '../../lib/domain/identifiers.ts';
import type { Reservation } from '../../lib/domain/reservation.ts';
import { stateOf } from '../../lib/domain/reservation-state.ts';
import { logEntry } from '../../lib/operate/log/log-entry-schema.ts';
import { ReplayedLog } from '../../lib/operate/log/replayed-stock.ts';
import type { MemoryStore } from '../../lib/simulation/memory-store.ts';
import { CALLER, createWorld, REGION, TENANT, type World } from '../support/world.ts';

const SKUS = ['a', 'b'] as const;
const PLACES = ['here', 'there'] as const;

const sku = fc.constantFrom(...SKUS);
const place = fc.constantFrom(...PLACES);
const quantity = fc.integer({ min: 1, max: 5 });
const which = fc.nat({ max: 20 });
const lines = fc.uniqueArray(fc.record({ sku, quantity }), {
  minLength: 1,
  maxLength: 2,
  selector: (line) => line.sku,
});

const step = fc.oneof(
  fc.record({ do: fc.constantFrom('receipt' as const, 'count' as const), sku, at: place, quantity }),
  fc.record({ do: fc.constant('hold' as const), lines }),
  fc.record({ do: fc.constantFrom('confirm' as const, 'release' as const, 'cancel' as const), which }),
  fc.record({ do: fc.constant('ship' as const), which, lines: fc.option(lines, { nil: undefined }) }),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 90 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function openWorld(): Promise<World> {
  const world = createWorld();
  for (const locationId of PLACES) {
    const command = { locationId, name: locationId, region: REGION, type: 'warehouse', priority: 1 };
    await putLocation(world, CALLER, { command, precondition: () => true });
  }
  for (const name of SKUS) {
    const command = { sku: name, name, unit: 'each', attributes: {}, safetyStock: 0 };
    await putProduct(world, CALLER, { command, precondition: () => true });
  }
  return world;
}

async function play(world: World, steps: readonly Step[]): Promise<void> {
  const reservations: string[] = [];
  for (const [index, one] of steps.entries()) {
    const idempotency = { key: `key-${index}`, fingerprint: 'same' };
    const reservationId =
      'which' in one ? (reservations[one.which % (reservations.length || 1)] ?? 'none') : '';
    const request = { reservationId, idempotency };
    switch (one.do) {
      case 'receipt':
      case 'count': {
        const command = { type: one.do, sku: one.sku, locationId: one.at, quantity: one.quantity };
        await recordMovement(world, CALLER, { command, idempotency });
        break;
      }
      case 'hold': {
        const command = { lines: one.lines, ttlSeconds: 60, allowPartial: true, metadata: {} };
        const held = await reserveStock(world, CALLER, { command, idempotency });
        if (held.ok) reservations.push(formatReservationId(held.value.reservation));
        break;
      }
      case 'confirm':
        await confirmReservation(world, CALLER, { ...request, command: {} });
        break;
      case 'release':
        await releaseReservation(world, CALLER, request);
        break;
      case 'cancel':
        await cancelReservation(world, CALLER, request);
        break;
      case 'ship': {
        const lines = one.lines === undefined ? {} : { lines: one.lines };
        await shipReservation(world, CALLER, { ...request, ...lines });
        break;
      }
      case 'wait':
        world.clock.advance(one.seconds * 1_000);
        await sweepOnce(world);
    }
  }
}

/** A reservation as each of its changes left it. */
const versionsOf = (reservation: Reservation): Reservation[] =>
  Array.from({ length: reservation.version }, (_, index) => {
    const { status, expiresAtMs } = stateOf(reservation, index + 1);
    return {
      ...reservation,
      status,
      expiresAtMs,
      version: index + 1,
      history: reservation.history.slice(0, index),
    };
  });

/** The log that the stream would have written of what the store holds. */
function entriesOf(store: MemoryStore): LogEntry[] {
  const movements = store.all('movement').map((movement): LogEntry => {
    const { movementId: id, tenantId, occurredAtMs: atMs } = movement;
    return { id, tenantId, region: REGION, atMs, kind: 'movement', movement };
  });
  const reservations = store.all('reservation').flatMap(versionsOf);
  return [
    ...movements,
    ...reservations.map((reservation): LogEntry => {
      const { tenantId, region, version } = reservation;
      const reservationId = formatReservationId(reservation);
      const id = `${reservationId}.${version}`;
      return { id, tenantId, region, atMs: 1, kind: 'reservation', reservationId, version, reservation };
    }),
  ];
}

async function truthOf(world: World) {
  const shipped = new Map<string, number>();
  for (const { locationId, lines: sent } of (world.store as MemoryStore).all('shipment')) {
    for (const { sku: name, quantity: units } of sent) {
      const key = `${name} ${locationId}`;
      shipped.set(key, (shipped.get(key) ?? 0) + units);
    }
  }
  const places = [];
  for (const name of SKUS) {
    const stock = await readStock(world, TENANT, { sku: name, consistency: 'strong' });
    if (!stock.ok) throw new Error(stock.rejection.detail);
    for (const { locationId, onHand, held, committed } of stock.value.locations) {
      const key = `${name} ${locationId}`;
      places.push({ sku: name, locationId, onHand, held, committed, shipped: shipped.get(key) ?? 0 });
    }
  }
  return places;
}

describe('a log that is replayed', () => {
  it('is what the store holds, in whatever order it comes and how often', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.infiniteStream(fc.nat({ max: 1_000 })),
        async (steps, random) => {
          const world = await openWorld();
          await play(world, steps);
          const entries = entriesOf(world.store as MemoryStore);
          const drawn = () => random.next().value as number;
          const doubled = entries.flatMap((entry) => (drawn() % 3 === 0 ? [entry, entry] : [entry]));
          const shuffled = doubled.map((entry) => [drawn(), entry] as const).sort(([a], [b]) => a - b);
          const log = new ReplayedLog();
          const news = shuffled.filter(([, entry]) =>
            log.add(logEntry.parse(JSON.parse(JSON.stringify(entry)))),
          );
          expect(news.length).toBeLessThanOrEqual(entries.length);
          const replayed = log.stocks().map(({ tenantId, ...stock }) => ({ ...stock, tenantId: undefined }));
          const truth = (await truthOf(world)).filter(
            ({ onHand, held, committed, shipped }) => onHand + held + committed + shipped > 0,
          );
          const named = replayed.filter(
            ({ onHand, held, committed, shipped }) => onHand + held + committed + shipped > 0,
          );
          expect(named).toEqual(truth.map((stock) => ({ ...stock, tenantId: undefined })));
        },
      ),
      { numRuns: 150 },
    );
  });
});
