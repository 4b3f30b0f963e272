import { describe, expect, it } from 'vitest';
import { messagesOf } from '../../../lib/application/messages-of.ts';
import type { RecordChange } from '../../../lib/application/ports.ts';
import { releaseReservation } from '../../../lib/application/release-reservation.ts';
import { sweepOnce } from '../../../lib/application/sweep.ts';
import { tradeOf } from '../../../lib/application/trade-of.ts';
import { CANARY_TENANT_ID } from '../../../lib/domain/access.ts';
import type { Reservation } from '../../../lib/domain/reservation.ts';
import { Shop } from '../../support/shop.ts';
import { CALLER, createWorld, REGION } from '../../support/world.ts';

async function openShop(): Promise<Shop> {
  const shop = new Shop(createWorld());
  await shop.open();
  return shop;
}

const changeOf = (after: Reservation, before?: Reservation): RecordChange => ({
  entity: 'reservation',
  after,
  ...(before !== undefined && { before }),
});

describe('trade', () => {
  it('is a hold and its units, once, however many changes were merged into what is shown', async () => {
    const shop = await openShop();
    const id = await shop.hold(3);
    await shop.confirm(id, { lines: [{ sku: 'a', quantity: 2 }] });
    const merged = changeOf(await shop.reservation(id));
    expect(tradeOf(REGION, [merged])).toEqual({
      holdsGranted: 1,
      unitsHeld: 3,
      holdsConfirmed: 1,
      unitsConfirmed: 2,
    });
  });

  it('counts of a later change what is new in it', async () => {
    const shop = await openShop();
    const id = await shop.hold(3);
    const held = await shop.reservation(id);
    await shop.confirm(id);
    const change = changeOf(await shop.reservation(id), held);
    expect(tradeOf(REGION, [change])).toMatchObject({ holdsGranted: 0, unitsHeld: 0, unitsConfirmed: 3 });
  });

  it('is counted in the region it was made in, and nothing else is trade', async () => {
    const shop = await openShop();
    const id = await shop.hold(3);
    const held = await shop.reservation(id);
    await releaseReservation(shop.world, CALLER, { reservationId: id, idempotency: shop.nextKey() });
    const released = changeOf(await shop.reservation(id), held);
    const none = { holdsGranted: 0, unitsHeld: 0, holdsConfirmed: 0, unitsConfirmed: 0 };
    expect(tradeOf('eu-west-1', [changeOf(held)])).toEqual(none);
    expect(tradeOf(REGION, [released])).toEqual(none);
  });

  it('of the canary is none, and nobody is told of it', async () => {
    const shop = await openShop();
    const held = await shop.reservation(await shop.hold(3));
    const canary = changeOf({ ...held, tenantId: CANARY_TENANT_ID });
    expect(tradeOf(REGION, [canary, changeOf(held)])).toMatchObject({ holdsGranted: 1, unitsHeld: 3 });
    const told = (change: RecordChange) =>
      messagesOf(shop.world, { change, committedAtMs: 0, notices: [] }).then(({ events, log }) => [
        events.length,
        log.length,
      ]);
    expect(await told(changeOf(held))).toEqual([1, 1]);
    expect(await told(canary)).toEqual([0, 0]);
  });
});

describe('the sweep', () => {
  it('says how late the latest of the expired holds gave its units back', async () => {
    const shop = await openShop();
    await shop.hold(1, 60);
    await shop.hold(1, 90);
    shop.world.clock.advance(100_000);
    expect(await sweepOnce(shop.world)).toMatchObject({ expired: 2, expiryLagMs: 40_000 });
    expect(await sweepOnce(shop.world)).not.toHaveProperty('expiryLagMs');
  });
});
