import { beforeEach, describe, expect, it } from 'vitest';
import { reserveWithinCaps } from '../../../lib/application/cap-holds.ts';
import { confirmReservation } from '../../../lib/application/confirm-reservation.ts';
import { StoreUnavailableError } from '../../../lib/application/ports.ts';
import { releaseReservation } from '../../../lib/application/release-reservation.ts';
import { sweepOnce } from '../../../lib/application/sweep.ts';
import { formatReservationId } from '../../../lib/domain/identifiers.ts';
import type { Rejection } from '../../../lib/domain/rejection.ts';
import type { Reservation } from '../../../lib/domain/reservation.ts';
import { CappedShop, SMALL_CAPS } from '../../support/capped-shop.ts';
import { CALLER, TENANT } from '../../support/world.ts';

let shop: CappedShop;

beforeEach(async () => {
  shop = new CappedShop();
  await shop.open(100);
});

const codeOf = (held: Reservation | Rejection): string =>
  'code' in held ? `${held.code} ${'limit' in held ? held.limit : ''}`.trim() : held.status;

const idOf = (held: Reservation | Rejection): string => formatReservationId(held as Reservation);

const available = async () =>
  (await shop.world.store.readSku(TENANT, 'a', 'strong')).quotas.reduce(
    (sum, quota) => sum + quota.available,
    0,
  );

describe('a customer who hoards', () => {
  it('has so many open holds at most, and is told which cap it is', async () => {
    const reference = 'greedy';
    for (let hold = 0; hold < SMALL_CAPS.holdsPerReference; hold += 1) {
      expect(codeOf(await shop.holdHeard({ reference }))).toBe('held');
    }
    const refused = await shop.holdHeard({ reference });
    expect(refused).toMatchObject({
      code: 'rate_limited',
      limit: 'reference_holds',
      detail: 'This reference has 3 open holds; at most 3 are allowed. Nothing was taken.',
      retryAfterMs: 60_000,
    });
    expect(await available()).toBe(97);
    expect(codeOf(await shop.holdHeard({ reference: 'another' }))).toBe('held');
  });

  it('has no more than a share of the units, in one hold or in several, but a few always', async () => {
    const lines = (quantity: number) => ({ reference: 'greedy', lines: [{ sku: 'a', quantity }] });
    expect(codeOf(await shop.holdHeard(lines(51)))).toBe('rate_limited sku_share');
    expect(codeOf(await shop.holdHeard(lines(40)))).toBe('held');
    expect(codeOf(await shop.holdHeard(lines(11)))).toBe('rate_limited sku_share');
    expect(codeOf(await shop.holdHeard(lines(10)))).toBe('held');
    expect(await available()).toBe(50);
    const small = new CappedShop();
    await small.open(4);
    expect(codeOf(await small.holdHeard(lines(4)))).toBe('held');
  });

  it('counts the lines of a sku together', async () => {
    const lines = [
      { sku: 'a', quantity: 30, locationId: 'north' },
      { sku: 'a', quantity: 30 },
    ];
    expect(codeOf(await shop.holdHeard({ reference: 'greedy', lines }))).toBe('rate_limited sku_share');
  });

  it('is told of too little stock, when that is what is in the way', async () => {
    const lines = [{ sku: 'a', quantity: 1_000 }];
    expect(codeOf(await shop.holdHeard({ reference: 'greedy', lines }))).toBe('insufficient_stock');
    const partly = await shop.holdHeard({ reference: 'greedy', lines, allowPartial: true });
    expect(codeOf(partly)).toBe('rate_limited sku_share');
  });

  it('gets the answer to an earlier request again, and 422 for another body', async () => {
    const reference = 'greedy';
    const key = shop.nextKey();
    const first = await shop.holdHeard({ reference }, key);
    for (let hold = 1; hold < SMALL_CAPS.holdsPerReference; hold += 1) await shop.holdHeard({ reference });
    expect(codeOf(await shop.holdHeard({ reference }))).toBe('rate_limited reference_holds');
    const again = await shop.hold({ reference }, key);
    expect(again).toMatchObject({ ok: true, value: { replayed: true } });
    expect(again.ok && idOf(again.value.reservation)).toBe(idOf(first));
    const other = await shop.holdHeard({ reference }, { ...key, fingerprint: 'other' });
    expect(codeOf(other)).toBe('idempotency_key_reused');
  });

  it('has its holds back when they are confirmed, released or expired', async () => {
    const reference = 'greedy';
    const held: (Reservation | Rejection)[] = [];
    for (let hold = 0; hold < SMALL_CAPS.holdsPerReference; hold += 1) {
      held.push(await shop.holdHeard({ reference }));
      shop.world.clock.advance(1_000);
    }
    const [one, two] = held.map(idOf) as [string, string];
    const full = async () => codeOf(await shop.holdHeard({ reference }));
    expect(await full()).toBe('rate_limited reference_holds');
    await confirmReservation(shop.world, CALLER, {
      reservationId: one,
      command: {},
      idempotency: shop.nextKey(),
    });
    await shop.follow();
    expect(await full()).toBe('held');
    await releaseReservation(shop.world, CALLER, { reservationId: two, idempotency: shop.nextKey() });
    await shop.follow();
    expect(await full()).toBe('held');
    expect(await full()).toBe('rate_limited reference_holds');
    shop.world.clock.advance(60_000);
    await sweepOnce(shop.world);
    expect(await full()).toBe('held');
    // One is confirmed, one was held just now; all else is back.
    expect(await available()).toBe(98);
  });
});

describe('a tenant that hoards', () => {
  it('has so many open holds at most, whatever they are called', async () => {
    for (let hold = 0; hold < SMALL_CAPS.openHolds; hold += 1) {
      expect(codeOf(await shop.holdHeard(hold % 2 === 0 ? { reference: `cart-${hold}` } : {}))).toBe('held');
    }
    expect(codeOf(await shop.holdHeard())).toBe('rate_limited open_holds');
    shop.world.clock.advance(60_000);
    expect(codeOf(await shop.holdHeard())).toBe('held');
  });

  it('is counted by a sample when its cap is large, within a quarter', async () => {
    const caps = { ...SMALL_CAPS, openHolds: 2_000 };
    const large = new CappedShop(caps);
    await large.open(10_000);
    let placed = 0;
    while (placed < 3_000 && codeOf(await large.holdHeard({ ttlSeconds: 86_400 })) === 'held') placed += 1;
    expect(placed).toBeGreaterThan(1_500);
    expect(placed).toBeLessThan(2_500);
    expect((await large.list())?.holds.length).toBeLessThanOrEqual(200);
  }, 60_000);
});

describe('where there are no caps', () => {
  const unlimited = () =>
    reserveWithinCaps({ ...shop.deps, sourcing: shop.world.sourcing }, CALLER, {
      command: {
        lines: [{ sku: 'a', quantity: 90 }],
        ttlSeconds: 60,
        allowPartial: false,
        metadata: {},
        reference: 'r',
      },
      idempotency: shop.nextKey(),
      caps: undefined,
    });

  it('nothing is read, and nothing is refused', async () => {
    shop.book.read = () => Promise.reject(new Error('must not be called'));
    expect((await unlimited()).ok).toBe(true);
  });

  it('or the lists cannot be read, selling goes on', async () => {
    for (let hold = 0; hold < SMALL_CAPS.openHolds; hold += 1) await shop.holdHeard();
    shop.book.read = () => Promise.reject(new StoreUnavailableError('down'));
    expect((await shop.hold()).ok).toBe(true);
  });
});
