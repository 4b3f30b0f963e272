/**
 * Random histories of everything a tenant can do to a few skus, with calls to the store cut off before and
 * after their effect and callers who retry with the same key. After every step each unit is where it should
 * be, and the service agrees with what its callers were told.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptOrder } from '../../lib/application/accept-order.ts';
import { auditStock } from '../../lib/application/audit-stock.ts';
import type { Changed } from '../../lib/application/change-reservation.ts';
import { confirmLater } from '../../lib/application/confirm-later.ts';
import { confirmReservation } from '../../lib/application/confirm-reservation.ts';
import { hashKey } from '../../lib/application/idempotency.ts';
import { type Store, StoreUnavailableError } from '../../lib/application/ports.ts';
import { putLocation } from '../../lib/application/put-location.ts';
import { putProduct } from '../../lib/application/put-product.ts';
import { type LocationStock, readStock } from '../../lib/application/read-stock.ts';
import { recordMovement } from '../../lib/application/record-movement.ts';
import { OrderContendedError } from '../../lib/application/record-order.ts';
import {
  cancelReservation,
  extendReservation,
  releaseReservation,
} from '../../lib/application/release-reservation.ts';
import { reserveStock } from '../../lib/application/reserve-stock.ts';
import { shipReservation } from '../../lib/application/ship-reservation.ts';
import { sweepOnce } from '../../lib/application/sweep.ts';
import { confirmationsOf } from '../../lib/domain/confirmations.ts';
import { formatReservationId } from '../../lib/domain/identifiers.ts';
import { SHIPPED_UNCOUNTED } from '../../lib/domain/movement.ts';
import type { Result } from '../../lib/domain/rejection.ts';
import type { Reservation } from '../../lib/domain/reservation.ts';
import { stateOf } from '../../lib/domain/reservation-state.ts';
import { TRANSITIONS } from '../../lib/domain/transitions.ts';
import { CALLER, createWorld, REGION, TENANT, type World } from '../support/world.ts';

const SKUS = ['a', 'b'] as const;
const PLACES = ['here', 'there'] as const;

const sku = fc.constantFrom(...SKUS);
const place = fc.constantFrom(...PLACES);
const quantity = fc.integer({ min: 1, max: 6 });
const line = fc.record({ sku, quantity, locationId: fc.option(place, { nil: undefined }) });
const lines = fc.uniqueArray(line, {
  minLength: 1,
  maxLength: 3,
  selector: (entry) => `${entry.sku}${entry.locationId ?? ''}`,
});
const someLines = fc.option(lines, { nil: undefined });
const which = fc.nat({ max: 30 });

type Step =
  | {
      do: 'move';
      type: 'receipt' | 'return' | 'write_off' | 'count';
      sku: string;
      at: string;
      quantity: number;
    }
  | { do: 'adjust'; sku: string; at: string; quantity: number }
  | { do: 'safety'; sku: string; safetyStock: number }
  | { do: 'hold'; lines: Lines; allowPartial: boolean; ttlSeconds: number }
  | { do: 'confirm' | 'queue' | 'release' | 'ship'; which: number; lines: Lines | undefined }
  | { do: 'extend' | 'cancel' | 'accept'; which: number }
  | { do: 'wait'; seconds: number }
  | { do: 'sweep' };
type Lines = { sku: string; quantity: number; locationId: string | undefined }[];

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      type: fc.constantFrom(
        'receipt' as const,
        'receipt' as const,
        'return' as const,
        'write_off' as const,
        'count' as const,
      ),
      sku,
      at: place,
      quantity,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('adjust' as const),
      sku,
      at: place,
      quantity: fc.constantFrom(-3, -1, 2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('safety' as const), sku, safetyStock: fc.nat({ max: 5 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      lines,
      allowPartial: fc.boolean(),
      ttlSeconds: fc.integer({ min: 5, max: 60 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'confirm' as const,
        'queue' as const,
        'release' as const,
        'ship' as const,
        'ship' as const,
      ),
      which,
      lines: someLines,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('extend' as const, 'cancel' as const, 'accept' as const),
      which,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
);

/** What meets at one place: movements, safety stock, holds and their end. */
const narrow: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('move' as const),
    type: fc.constantFrom('receipt' as const, 'write_off' as const, 'count' as const),
    sku: fc.constant('a'),
    at: fc.constant('here'),
    quantity: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ do: fc.constant('safety' as const), sku: fc.constant('a'), safetyStock: fc.nat({ max: 4 }) }),
  fc.record({
    do: fc.constant('hold' as const),
    lines: fc.constant<Lines>([{ sku: 'a', quantity: 1, locationId: undefined }]),
    allowPartial: fc.constant(false),
    ttlSeconds: fc.constant(60),
  }),
  fc.record({
    do: fc.constantFrom('confirm' as const, 'queue' as const, 'release' as const),
    which: fc.nat({ max: 3 }),
    lines: fc.constant(undefined),
  }),
);

/** Cuts commits off before or after their effect, and lets calls overtake each other, as the dice say. */
class Faults {
  /** Calls wait for a few turns before and after their effect, so that requests side by side interleave. */
  turns: readonly number[] = [];
  #turn = 0;

  async #wait(): Promise<void> {
    const turns = this.turns[this.#turn++ % Math.max(1, this.turns.length)] ?? 0;
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
  }

  dice: readonly number[] = [];
  #next = 0;

  wrap = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          await this.#wait();
          if (name !== 'commit') {
            const found = await method.apply(target, args);
            await this.#wait();
            return found;
          }
          const die = this.dice[this.#next++] ?? 9;
          if (die === 0) throw new StoreUnavailableError('cut off before its effect');
          const result = await method.apply(target, args);
          await this.#wait();
          if (die === 1) throw new StoreUnavailableError('cut off after its effect');
          return result;
        };
      },
    });
}

const tidyLines = (wanted: Lines) =>
  wanted.map(({ locationId, ...rest }) => ({ ...rest, ...(locationId === undefined ? {} : { locationId }) }));

/** Whether a key made the change that answers: a second confirmation is answered, but changes nothing. */
const madeBy =
  (world: World, path: string) =>
  ({ reservation, version }: Changed, key: string): boolean =>
    reservation.history[version - 2]?.keyHash === hashKey(world, TENANT, { path, key });

class Tenant {
  readonly world: World;
  readonly reservations: string[] = [];
  /** Deltas by movement, as the callers were told them. */
  readonly told = new Map<string, number>();
  #keys = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** Retries under one key until there is an answer, as a caller does. */
  async ask<Value>(
    request: (idempotency: { key: string; fingerprint: string }) => Promise<Result<Value>>,
    hadEffect: (value: Value, key: string) => boolean = () => true,
  ) {
    const idempotency = { key: `k${this.#keys++}`, fingerprint: 'f' };
    for (let attempt = 0; attempt < 50; attempt += 1) {
      try {
        const answer = await request(idempotency);
        // A retry of what had an effect is answered the same, whatever the fault; a refusal is judged afresh.
        if (answer.ok && hadEffect(answer.value, idempotency.key)) {
          expect((await request(idempotency)).ok).toBe(true);
        }
        return answer;
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
      }
    }
    throw new Error('no answer in 50 attempts');
  }

  async takeStep(what: Step): Promise<void> {
    const { world } = this;
    switch (what.do) {
      case 'move':
      case 'adjust': {
        const type = what.do === 'adjust' ? ('adjustment' as const) : what.type;
        const command = { type, sku: what.sku, locationId: what.at, quantity: what.quantity };
        const booked = await this.ask((idempotency) =>
          recordMovement(world, CALLER, { command, idempotency }),
        );
        if (booked.ok) this.told.set(booked.value.movement.movementId, booked.value.movement.delta);
        return;
      }
      case 'safety':
        await this.put(what.sku, what.safetyStock);
        return;
      case 'hold': {
        const command = { ...what, lines: tidyLines(what.lines), metadata: {} };
        const held = await this.ask((idempotency) => reserveStock(world, CALLER, { command, idempotency }));
        if (held.ok) this.reservations.push(formatReservationId(held.value.reservation));
        return;
      }
      case 'wait':
        world.clock.advance(what.seconds * 1000);
        return;
      case 'sweep':
        await this.quietly(() => sweepOnce(world));
        return;
      default:
        await this.change(what);
    }
  }

  async change(what: Step & { which: number }): Promise<void> {
    const { world } = this;
    const reservationId = this.reservations[what.which % Math.max(1, this.reservations.length)];
    if (reservationId === undefined) return;
    if (what.do === 'accept') {
      await this.quietly(() => acceptOrder(world, { tenantId: TENANT, reservationId, version: 1 }));
      return;
    }
    const chosen = 'lines' in what && what.lines !== undefined ? { lines: tidyLines(what.lines) } : {};
    await this.ask(
      async (idempotency) => {
        const request = { reservationId, idempotency };
        switch (what.do) {
          case 'confirm':
            return confirmReservation(world, CALLER, { ...request, command: chosen });
          case 'queue':
            return confirmLater(world, CALLER, { ...request, command: chosen });
          case 'release':
            return releaseReservation(world, CALLER, { ...request, ...chosen });
          case 'ship':
            return shipReservation(world, CALLER, { ...request, ...chosen });
          case 'extend':
            return extendReservation(world, CALLER, { ...request, ttlSeconds: 30 });
          default:
            return cancelReservation(world, CALLER, request);
        }
      },
      madeBy(world, `${reservationId}/${what.do === 'queue' ? 'confirm' : what.do}`),
    );
  }

  async put(skuName: string, safetyStock: number): Promise<void> {
    const command = { sku: skuName, name: skuName, unit: 'each', attributes: {}, safetyStock };
    await this.quietly(() => putProduct(this.world, CALLER, { command, precondition: () => true }));
  }

  async quietly(run: () => Promise<unknown>): Promise<void> {
    for (let attempt = 0; attempt < 50; attempt += 1) {
      try {
        await run();
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailableError || error instanceof OrderContendedError)) throw error;
      }
    }
  }
}

async function expectConserved(world: World): Promise<void> {
  for (const name of SKUS) {
    const audit = await auditStock(world, TENANT, name);
    expect(audit).toMatchObject({ ok: true, value: { ok: true, stable: true, violations: [] } });
  }
}

async function open(faults: Faults): Promise<Tenant> {
  const world = createWorld({ wrap: faults.wrap });
  const tenant = new Tenant(world);
  for (const name of SKUS) await tenant.put(name, 0);
  for (const [index, locationId] of PLACES.entries()) {
    const command = { locationId, name: locationId, region: REGION, type: 'warehouse', priority: index };
    await putLocation(world, CALLER, { command, precondition: () => true });
  }
  return tenant;
}

describe('conservation', () => {
  it('holds after every step of any history, whatever call is cut off', async () => {
    const dice = fc.array(fc.nat({ max: 9 }), { maxLength: 150 });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), dice, async (steps, thrown) => {
        const faults = new Faults();
        const tenant = await open(faults);
        // Beyond the last die every call gets through, so that no retry goes on for ever.
        faults.dice = thrown;
        for (const what of steps) {
          await tenant.takeStep(what);
          await expectConserved(tenant.world);
        }
        await expectSettled(tenant);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    { among: 'anything', steps: step, runs: 300 },
    { among: 'changes of one place', steps: narrow, runs: 600 },
  ])('holds however $among side by side interleaves', async ({ steps: arbitrary, runs }) => {
    const dice = fc.array(fc.nat({ max: 9 }), { maxLength: 60 });
    const turns = fc.array(fc.nat({ max: 4 }), { minLength: 3, maxLength: 40 });
    const batches = fc.array(fc.array(arbitrary, { minLength: 2, maxLength: 5 }), {
      minLength: 2,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(batches, dice, turns, async (together, thrown, waits) => {
        const faults = new Faults();
        const tenant = await open(faults);
        await tenant.takeStep({ do: 'move', type: 'receipt', sku: 'a', at: 'here', quantity: 6 });
        faults.dice = thrown;
        faults.turns = waits;
        for (const steps of together) {
          await Promise.all(steps.map((what) => tenant.takeStep(what)));
          faults.turns = [];
          await expectConserved(tenant.world);
          faults.turns = waits;
        }
        await expectSettled(tenant);
      }),
      { numRuns: runs },
    );
  });
});

/** What is free is kept back first, up to the safety stock, and a shortage stands alone. */
function expectAtRest(location: LocationStock, safetyStock: number): void {
  expect(location.held).toBe(0);
  if (location.shortage > 0) expect(location).toMatchObject({ available: 0, keptBack: 0 });
  if (location.available > 0) expect(location.keptBack).toBe(safetyStock);
  expect(location.keptBack).toBeLessThanOrEqual(safetyStock);
}

/** Once every hold has expired and been swept, nothing is held. */
async function expectSettled(tenant: Tenant): Promise<void> {
  const { world } = tenant;
  world.clock.advance(86_400_000);
  await tenant.quietly(() => sweepOnce(world));
  await tenant.quietly(() => sweepOnce(world));
  await expectConserved(world);
  for (const name of SKUS) {
    const stock = await readStock(world, TENANT, { sku: name, consistency: 'strong' });
    const product = await world.store.get('product', { tenantId: TENANT, sku: name });
    if (!stock.ok || product === undefined) throw new Error(`${name} is lost`);
    for (const location of stock.value.locations) expectAtRest(location, product.safetyStock);
  }
  for (const reservationId of tenant.reservations) {
    const keyHash = reservationId.split('.')[1] ?? '';
    const reservation = await world.store.get('reservation', { tenantId: TENANT, keyHash, region: REGION });
    if (reservation === undefined) throw new Error(`${reservationId} is lost`);
    expect(stateOf(reservation)).toMatchObject({ status: reservation.status, version: reservation.version });
    expect(reservation.status).not.toBe('held');
    expectLegal(reservation);
    await tenant.quietly(() => acceptOrder(world, { tenantId: TENANT, reservationId, version: 1 }));
    await expectOrdered(world, reservationId);
  }
  await expectAsTold(tenant);
}

/** Once its messages are worked off, every confirmation has its verdict, and every order the record of its last one. */
async function expectOrdered(world: World, reservationId: string): Promise<void> {
  const keyHash = reservationId.split('.')[1] ?? '';
  const reservation = await world.store.get('reservation', { tenantId: TENANT, keyHash, region: REGION });
  const verdict = reservation && confirmationsOf(reservation).at(-1)?.verdict;
  if (reservation?.history.some(({ did }) => did === 'queue' || did === 'confirm')) {
    const records = await world.store.ordersUnder(TENANT, reservationId);
    expect(records).toMatchObject([{ status: verdict?.status, decidedAtMs: verdict?.atMs, reservationId }]);
  }
}

/** Every change of a reservation was allowed in the state and at the time it happened. */
function expectLegal(reservation: Reservation): void {
  for (const [index, { did, atMs }] of reservation.history.entries()) {
    const { status, expiresAtMs } = stateOf(reservation, index + 1);
    expect(TRANSITIONS[did].from).toContain(status);
    if (TRANSITIONS[did].expiry === 'before') expect(atMs).toBeLessThan(expiresAtMs);
    if (TRANSITIONS[did].expiry === 'after') expect(atMs).toBeGreaterThanOrEqual(expiresAtMs);
  }
}

/** The ledger holds what callers were told, once each, and what reservations shipped; nothing else. */
async function expectAsTold({ world, told }: Tenant): Promise<void> {
  const ledger = [];
  for (const name of SKUS) {
    const page = await world.store.listMovements({ tenantId: TENANT, sku: name }, { limit: 1000 });
    ledger.push(...page.items);
  }
  const booked = ledger.filter(({ type, reason }) => type !== 'shipment' && reason !== SHIPPED_UNCOUNTED);
  expect(new Map(booked.map(({ movementId, delta }) => [movementId, delta]))).toEqual(told);
}
