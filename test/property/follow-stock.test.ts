/**
 * Whatever happens to a sku, and however the stream shows it: rollups equal the truth once all was shown. The stream
 * shows the changes of one item in order, those of several in any, some of them again; several environments follow at
 * once; and the index of open reservations is late.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmReservation } from '../../lib/application/confirm-reservation.ts';
import { followStock } from '../../lib/application/follow-stock.ts';
import { putLocation } from '../../lib/application/put-location.ts';
import { putProduct } from '../../lib/application/put-product.ts';
import { readStock } from '../../lib/application/read-stock.ts';
import { recordMovement } from '../../lib/application/record-movement.ts';
import { cancelReservation, releaseReservation } from '../../lib/application/release-reservation.ts';
import { reserveStock } from '../../lib/application/reserve-stock.ts';
import { shipReservation } from '../../lib/application/ship-reservation.ts';
import { formatReservationId } from '../../lib/domain/identifiers.ts';
import { createFollowedWorld, type Shown } from '../support/followed-world.ts';
import { CALLER, REGION, seededRandomness, TENANT } from '../support/world.ts';

const RUNS = 60;
const STEPS = 60;
const SKUS = ['a', 'b'];
const PLACES = ['north', 'south'];
/** Lanes of the stream: what has one partition key is in one of them. */
const LANES = 4;
const INDEX_LAG_MAX_MS = 20_000;

type Followed = ReturnType<typeof createFollowedWorld>;
type Draw = <Value>(values: readonly Value[]) => Value;

/** One thing that somebody does to the stock. */
async function act({ world }: Followed, draw: Draw, state: { step: number; held: string[] }): Promise<void> {
  state.step += 1;
  const idempotency = { key: `key-${state.step}`, fingerprint: 'same' };
  const reservationId = draw([...state.held, '']);
  const request = { idempotency, reservationId };
  const quantity = draw([1, 2, 3]);
  const [sku, locationId] = [draw(SKUS), draw(PLACES)];
  switch (draw(['hold', 'hold', 'confirm', 'confirm', 'release', 'cancel', 'ship', 'move', 'product'])) {
    case 'hold': {
      const lines = draw([SKUS, [sku]]).map((name) => ({ sku: name, quantity }));
      const command = { lines, ttlSeconds: 900, allowPartial: true, metadata: {} };
      const placed = await reserveStock(world, CALLER, { command, idempotency });
      if (placed.ok) state.held.push(formatReservationId(placed.value.reservation));
      return;
    }
    case 'confirm':
      if (reservationId !== '') await confirmReservation(world, CALLER, { ...request, command: {} });
      return;
    case 'release':
      if (reservationId !== '') await releaseReservation(world, CALLER, request);
      return;
    case 'cancel':
      if (reservationId !== '') await cancelReservation(world, CALLER, request);
      return;
    case 'ship':
      if (reservationId !== '') await shipReservation(world, CALLER, request);
      return;
    case 'move': {
      const type = draw(['receipt', 'receipt', 'count', 'write_off'] as const);
      const command = { type, sku, locationId, quantity: quantity * 3 };
      await recordMovement(world, CALLER, { command, idempotency });
      return;
    }
    case 'product': {
      const command = { sku, name: sku, unit: 'each', attributes: {}, safetyStock: draw([0, 1, 2]) };
      await putProduct(world, CALLER, { command, precondition: () => true });
      return;
    }
  }
}

const laneOf = (partition: string): number =>
  [...partition].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % LANES, 7);

/** Shows part of a lane, and perhaps will show it again: a batch of which something failed begins anew. */
async function show(
  followed: Followed,
  lane: Shown[],
  { chance, draw }: { chance: () => number; draw: Draw },
) {
  const size = draw([1, 3, 10]);
  const batch = lane.slice(0, size);
  const failed = await followStock(
    followed.deps,
    batch.map(({ change }) => change),
  );
  expect(failed.size).toBe(0);
  if (chance() < 0.7) lane.splice(0, draw([1, batch.length]));
}

async function told({ world }: Followed, sku: string, consistency: 'eventual' | 'strong') {
  const stock = await readStock(world, TENANT, { sku, consistency });
  if (!stock.ok) throw new Error(stock.rejection.detail);
  const { asOfMs: _, ...rest } = stock.value;
  return rest;
}

async function run(seed: number): Promise<void> {
  const random = seededRandomness(seed);
  const chance = () => random.fraction();
  const draw: Draw = (values) => values[Math.floor(chance() * values.length)] as never;
  const followed = createFollowedWorld({ indexLagMs: () => chance() * INDEX_LAG_MAX_MS }, seed);
  const { world, stream } = followed;
  for (const locationId of PLACES) {
    const command = { locationId, name: locationId, region: REGION, type: 'warehouse', priority: 1 };
    await putLocation(world, CALLER, { command, precondition: () => true });
  }
  const state = { step: 0, held: [] as string[] };
  for (const sku of SKUS) {
    const command = { sku, name: sku, unit: 'each', attributes: {}, safetyStock: 0 };
    await putProduct(world, CALLER, { command, precondition: () => true });
  }
  const lanes: Shown[][] = Array.from({ length: LANES }, () => []);
  const takeStream = () => {
    for (const shown of stream.splice(0)) lanes[laneOf(shown.partition)]?.push(shown);
  };
  for (let step = 0; step < STEPS; step += 1) {
    await act(followed, draw, state);
    world.clock.advance(Math.floor(chance() * 8_000));
    takeStream();
    const busy = lanes.filter((lane) => lane.length > 0 && chance() < 0.4);
    await Promise.all(busy.map((lane) => show(followed, lane, { chance, draw })));
  }
  while (lanes.some((lane) => lane.length > 0)) {
    await Promise.all(
      lanes.filter((lane) => lane.length > 0).map((lane) => show(followed, lane, { chance, draw })),
    );
    world.clock.advance(Math.floor(chance() * 8_000));
    takeStream();
  }
  // What was remembered is forgotten; the strong read waits for the index, which the rollup must not need.
  const eventual = [];
  world.clock.advance(1_000);
  for (const sku of SKUS) eventual.push(await told(followed, sku, 'eventual'));
  world.clock.advance(INDEX_LAG_MAX_MS);
  for (const [index, sku] of SKUS.entries()) {
    expect(eventual[index]).toEqual(await told(followed, sku, 'strong'));
  }
}

describe('the rollups of a region', () => {
  it('equal the truth when the stream has shown everything', { timeout: 60_000 }, async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 - 1 }), run), { numRuns: RUNS });
  });
});
