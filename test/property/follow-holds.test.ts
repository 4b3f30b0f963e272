/**
 * Whatever happens to holds, and however the stream shows it: the lists equal the truth once all was shown. The stream
 * shows changes of one item in order, those of several in any, and whole stretches of it again, also long afterwards.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { confirmReservation } from '../../lib/application/confirm-reservation.ts';
import { referenceHash } from '../../lib/application/reference-hash.ts';
import { extendReservation, releaseReservation } from '../../lib/application/release-reservation.ts';
import { sweepOnce } from '../../lib/application/sweep.ts';
import { formatReservationId } from '../../lib/domain/identifiers.ts';
import { openAt } from '../../lib/domain/open-holds.ts';
import type { Reservation } from '../../lib/domain/reservation.ts';
import { CappedShop } from '../support/capped-shop.ts';
import type { Shown } from '../support/followed-world.ts';
import { CALLER, seededRandomness, TENANT } from '../support/world.ts';

const RUNS = 60;
const STEPS = 60;
const REFERENCES = ['one', 'two'];
const NO_CAPS = { openHolds: 199, holdsPerReference: 199, unitsShare: 1, unitsFloor: 1_000_000 };

async function act(shop: CappedShop, draw: <Value>(values: readonly Value[]) => Value, held: string[]) {
  const { world } = shop;
  const idempotency = shop.nextKey();
  const reservationId = draw([...held, '']);
  const what = draw(['hold', 'hold', 'confirm', 'release', 'extend', 'sweep'] as const);
  if (what === 'hold') {
    const ttlSeconds = draw([5, 60, 900]);
    const placed = await shop.hold({ reference: draw(REFERENCES), ttlSeconds }, idempotency);
    if (placed.ok) held.push(formatReservationId(placed.value.reservation));
    return;
  }
  if (what === 'sweep') return void (await sweepOnce(world));
  if (reservationId === '') return;
  const request = { reservationId, idempotency };
  if (what === 'confirm') await confirmReservation(world, CALLER, { ...request, command: {} });
  if (what === 'release') await releaseReservation(world, CALLER, request);
  if (what === 'extend')
    await extendReservation(world, CALLER, { ...request, ttlSeconds: draw([5, 60, 900]) });
}

/** Ids of the holds of a reference that are open, by the records themselves. */
async function truly({ world }: CappedShop, reference: string): Promise<string[]> {
  const page = { limit: 100 };
  const { items } = await world.store.listReservations({ tenantId: TENANT, reference }, page);
  const now = world.clock.now();
  return items
    .filter(({ status, expiresAtMs }: Reservation) => status === 'held' && expiresAtMs > now)
    .map(({ keyHash, region }) => `${keyHash}.${region}`)
    .toSorted();
}

async function run(seed: number): Promise<void> {
  const random = seededRandomness(seed);
  const chance = () => random.fraction();
  const draw = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(chance() * values.length)] as Value;
  const shop = new CappedShop(NO_CAPS);
  await shop.open(1_000);
  // In some histories all happens within the minute in which changes are believed, in others little.
  const paceMs = draw([500, 4_000, 20_000]);
  const held: string[] = [];
  const shown: Shown[] = [];
  let behind: Shown[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    await act(shop, draw, held);
    shop.world.clock.advance(Math.floor(chance() * paceMs));
    behind.push(...shop.take());
    if (chance() < 0.5) continue;
    const batch = behind.slice(0, draw([1, 3, 10]));
    await shop.follow(batch);
    // A batch of which something failed begins anew.
    if (chance() < 0.3) continue;
    behind = behind.slice(batch.length);
    shown.push(...batch);
    // What was set aside is shown again, whenever somebody sends it.
    if (chance() < 0.3) await shop.follow(shown.filter(() => chance() < 0.2));
  }
  await shop.follow(behind);
  await shop.follow(shown.filter(() => chance() < 0.5));
  for (const reference of REFERENCES) {
    const list = await shop.list(referenceHash(shop.world, TENANT, reference));
    const listed = openAt(list?.holds ?? [], shop.world.clock.now()).map(({ id }) => id);
    expect(listed.toSorted()).toEqual(await truly(shop, reference));
  }
}

it('lists of open holds equal the truth once all was shown', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), run), { numRuns: RUNS });
}, 120_000);
