import { beforeEach, describe, expect, it } from 'vitest';
import { confirmReservation } from '../../../lib/application/confirm-reservation.ts';
import { createTenant } from '../../../lib/application/manage-keys.ts';
import { putLocation } from '../../../lib/application/put-location.ts';
import { putProduct } from '../../../lib/application/put-product.ts';
import { readStock } from '../../../lib/application/read-stock.ts';
import { recordMovement } from '../../../lib/application/record-movement.ts';
import { reserveStock } from '../../../lib/application/reserve-stock.ts';
import { shipReservation } from '../../../lib/application/ship-reservation.ts';
import { formatReservationId } from '../../../lib/domain/identifiers.ts';
import { AP, EU, Regions, US } from '../../support/regions.ts';
import { CALLER, TENANT } from '../../support/world.ts';

let regions: Regions;
let keys = 0;

const nextKey = () => {
  keys += 1;
  return { key: `key-${keys}`, fingerprint: 'f' };
};

async function told(region: string, consistency: 'eventual' | 'strong') {
  const stock = await readStock(regions.in(region), TENANT, { sku: 'a', consistency });
  if (!stock.ok) throw new Error(stock.rejection.code);
  const { locations, regions: shares } = stock.value;
  return { locations, shares };
}

async function held(region: string, quantity: number): Promise<string> {
  const lines = [{ sku: 'a', quantity }];
  const command = { lines, ttlSeconds: 900, allowPartial: false, metadata: {} };
  const placed = await reserveStock(regions.in(region), CALLER, { command, idempotency: nextKey() });
  if (!placed.ok) throw new Error(placed.rejection.code);
  return formatReservationId(placed.value.reservation);
}

/** Every region says the same, and it is the truth. */
async function allAgree(): Promise<void> {
  await regions.settle();
  regions.clock.advance(1_000);
  const truth = await told(US, 'strong');
  for (const region of [US, EU, AP])
    expect([region, await told(region, 'eventual')]).toEqual([region, truth]);
}

beforeEach(async () => {
  regions = new Regions();
  await createTenant(regions.in(US), { tenantId: TENANT, name: 'demo', tier: 'unlimited', homeRegion: US });
  for (const [locationId, region] of [
    ['us', US],
    ['eu', EU],
  ] as const) {
    const command = { locationId, name: locationId, region, type: 'warehouse', priority: 1 };
    await putLocation(regions.in(US), CALLER, { command, precondition: () => true });
  }
  const command = { sku: 'a', name: 'a', unit: 'each', attributes: {}, safetyStock: 1 };
  await putProduct(regions.in(US), CALLER, { command, precondition: () => true });
  await regions.settle();
  for (const locationId of ['us', 'eu']) {
    const receipt = { type: 'receipt', sku: 'a', locationId, quantity: 10 } as const;
    await recordMovement(regions.in(AP), CALLER, { command: receipt, idempotency: nextKey() });
  }
});

describe('the rollups of three regions', () => {
  it('come to say the same, whoever held, confirmed and shipped what where', async () => {
    await allAgree();
    const [here, there] = [await held(US, 3), await held(AP, 4)];
    await allAgree();
    for (const reservationId of [here, there]) {
      const confirm = { command: {}, idempotency: nextKey(), reservationId };
      expect((await confirmReservation(regions.in(EU), CALLER, confirm)).ok).toBe(true);
    }
    await allAgree();
    const { locations } = await told(EU, 'eventual');
    expect(locations.reduce((sum, { committed }) => sum + committed, 0)).toBe(7);
    await shipReservation(regions.in(US), CALLER, { idempotency: nextKey(), reservationId: there });
    await allAgree();
  });

  it('say what was last heard while a region is cut off, and the truth again when it is back', async () => {
    await allAgree();
    regions.cutOff(EU);
    await held(EU, 2);
    await regions.consumeIn(EU);
    regions.clock.advance(1_000);
    const available = async (region: string) =>
      (await told(region, 'eventual')).locations.map((location) => location.available);
    expect(await available(US)).toEqual([9, 9]);
    expect(await available(EU)).toEqual([7, 9]);
    regions.rejoin(EU);
    await allAgree();
    expect(await available(US)).toEqual([7, 9]);
  });
});
