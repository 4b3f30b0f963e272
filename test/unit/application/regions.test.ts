import { beforeEach, describe, expect, it } from 'vitest';
import { acceptGrant } from '../../../lib/application/accept-grants.ts';
import { auditStock } from '../../../lib/application/audit-stock.ts';
import { confirmReservation } from '../../../lib/application/confirm-reservation.ts';
import { giveUnits } from '../../../lib/application/give-units.ts';
import type { ReserveCommand } from '../../../lib/application/hold-request.ts';
import { createTenant } from '../../../lib/application/manage-keys.ts';
import { listRegions, setRegionStatus } from '../../../lib/application/manage-regions.ts';
import type { Store } from '../../../lib/application/ports.ts';
import { putLocation } from '../../../lib/application/put-location.ts';
import { putProduct } from '../../../lib/application/put-product.ts';
import { readReservation } from '../../../lib/application/read-reservation.ts';
import { readStock } from '../../../lib/application/read-stock.ts';
import { recordMovement } from '../../../lib/application/record-movement.ts';
import { releaseReservation } from '../../../lib/application/release-reservation.ts';
import { reserveStock } from '../../../lib/application/reserve-stock.ts';
import { retireRegion } from '../../../lib/application/retire-region.ts';
import { shipReservation } from '../../../lib/application/ship-reservation.ts';
import { sweepOnce } from '../../../lib/application/sweep.ts';
import { tendRegion } from '../../../lib/application/tend-region.ts';
import { formatReservationId } from '../../../lib/domain/identifiers.ts';
import type { BookableMovementType } from '../../../lib/domain/movement.ts';
import type { Result } from '../../../lib/domain/rejection.ts';
import type { Reservation } from '../../../lib/domain/reservation.ts';
import { AP, EU, Regions, US } from '../../support/regions.ts';
import { CALLER, TENANT } from '../../support/world.ts';

let regions: Regions;
let keys = 0;

const nextKey = () => {
  keys += 1;
  return { key: `key-${keys}`, fingerprint: 'f' };
};

async function product(sku: string, safetyStock = 0): Promise<void> {
  const command = { sku, name: sku, unit: 'each', attributes: {}, safetyStock };
  const put = await putProduct(regions.in(EU), CALLER, { command, precondition: () => true });
  expect(put.ok).toBe(true);
}

interface Moved {
  readonly in?: string;
  readonly type?: BookableMovementType;
  readonly locationId?: string;
}

function move(
  quantity: number,
  { in: region = US, type = 'receipt', locationId = 'us' }: Moved = {},
): ReturnType<typeof recordMovement> {
  const command = { type, sku: 'a', locationId, quantity };
  return recordMovement(regions.in(region), CALLER, { command, idempotency: nextKey() });
}

const hold = (region: string, command: Partial<ReserveCommand>, idempotency = nextKey()) =>
  reserveStock(regions.in(region), CALLER, {
    command: {
      lines: [{ sku: 'a', quantity: 1 }],
      ttlSeconds: 900,
      allowPartial: false,
      metadata: {},
      ...command,
    },
    idempotency,
  });

async function held(region: string, quantity: number): Promise<Reservation> {
  const reserved = await hold(region, { lines: [{ sku: 'a', quantity }] });
  if (!reserved.ok) throw new Error(reserved.rejection.code);
  return reserved.value.reservation;
}

const idOf = (reservation: Reservation) => ({
  reservationId: formatReservationId(reservation),
  idempotency: nextKey(),
});

const codeOf = (result: Result<unknown>) => (result.ok ? 'ok' : result.rejection.code);

async function expectSound(): Promise<void> {
  const audit = await auditStock(regions.in(AP), TENANT, 'a');
  if (!audit.ok) throw new Error(audit.rejection.code);
  expect(audit.value.violations).toEqual([]);
  expect(audit.value.stable).toBe(true);
}

async function availableIn(region: string): Promise<number | undefined> {
  const stock = await readStock(regions.in(US), TENANT, { sku: 'a', consistency: 'strong' });
  if (!stock.ok) throw new Error(stock.rejection.code);
  return stock.value.regions.find((entry) => entry.region === region)?.available;
}

/** Lets units of the location in the United States go to Europe. */
async function give(quantity: number): Promise<void> {
  const moves = [{ tenantId: TENANT, sku: 'a', locationId: 'us', home: US, quantity }];
  await giveUnits(regions.in(US), moves, { to: EU, reason: 'rebalance' });
  await regions.settle();
}

beforeEach(async () => {
  regions = new Regions();
  await createTenant(regions.in(AP), { tenantId: TENANT, name: 'demo', tier: 'unlimited', homeRegion: EU });
  for (const [locationId, region] of [
    ['us', US],
    ['eu', EU],
  ] as const) {
    const command = { locationId, name: locationId, region, type: 'warehouse', priority: 1 };
    await putLocation(regions.in(US), CALLER, { command, precondition: () => true });
  }
  await product('a');
  await regions.settle();
});

describe('three regions', () => {
  it('write each thing where it belongs, before replication has said anything', async () => {
    await product('b');
    const command = { type: 'receipt', sku: 'b', locationId: 'us', quantity: 5 } as const;
    const booked = await recordMovement(regions.in(AP), CALLER, { command, idempotency: nextKey() });
    expect(codeOf(booked)).toBe('ok');
    expect(regions.store(US).all('stock')).toHaveLength(1);
    expect(regions.store(AP).all('stock')).toHaveLength(0);
    await regions.settle();
    expect(regions.store(AP).all('stock')).toEqual(regions.store(US).all('stock'));
  });

  it('forward a hold to the region that has it all', async () => {
    await move(10);
    await regions.settle();
    const reservation = await held(AP, 10);
    expect(reservation.region).toBe(US);
    expect(await availableIn(US)).toBe(0);
    expect(codeOf(await hold(EU, {}))).toBe('insufficient_stock');
    await expectSound();
  });

  it('find units that they have not heard of', async () => {
    await move(10);
    expect((await held(AP, 10)).region).toBe(US);
  });

  it('answer a retry in another region with the first reservation, once it has been replicated', async () => {
    await move(10);
    await regions.settle();
    const idempotency = nextKey();
    const first = await hold(US, {}, idempotency);
    await regions.settle();
    const again = await hold(AP, {}, idempotency);
    if (!first.ok || !again.ok) throw new Error('refused');
    expect(again.value.reservation).toEqual(first.value.reservation);
    expect(again.value.replayed).toBe(true);
  });

  it('pull what is missing when no region has it all', async () => {
    await move(6);
    await move(6, { locationId: 'eu' });
    await regions.settle();
    const reservation = await held(AP, 12);
    expect(reservation.region).toBe(AP);
    await regions.settle();
    await expectSound();
    expect(regions.store(US).all('grant')).toEqual([]);
    await releaseReservation(regions.in(EU), CALLER, idOf(reservation));
    expect(await availableIn(AP)).toBe(12);
    await expectSound();
  });

  it('hold a part over all regions when a part will do', async () => {
    await move(6);
    await move(6, { locationId: 'eu' });
    await regions.settle();
    const reserved = await hold(AP, { lines: [{ sku: 'a', quantity: 20 }], allowPartial: true });
    if (!reserved.ok) throw new Error(reserved.rejection.code);
    const units = reserved.value.reservation.lines[0]?.allocations.reduce((sum, a) => sum + a.quantity, 0);
    expect(units).toBe(12);
  });

  it('book a shipment in the home region, and on-hand follows', async () => {
    await move(6);
    await move(6, { locationId: 'eu' });
    await regions.settle();
    const reservation = await held(AP, 12);
    expect(
      codeOf(await confirmReservation(regions.in(US), CALLER, { ...idOf(reservation), command: {} })),
    ).toBe('ok');
    expect(codeOf(await shipReservation(regions.in(EU), CALLER, idOf(reservation)))).toBe('ok');
    await expectSound();
    const stock = await readStock(regions.in(AP), TENANT, { sku: 'a', consistency: 'strong' });
    expect(stock.ok && stock.value.locations.map(({ onHand }) => onHand)).toEqual([0, 0]);
  });

  it('book a shipment by the stream when the home region could not be reached', async () => {
    await move(6);
    await move(6, { locationId: 'eu' });
    await regions.settle();
    const reservation = await held(AP, 12);
    await confirmReservation(regions.in(AP), CALLER, { ...idOf(reservation), command: {} });
    regions.cutOff(US);
    expect(codeOf(await shipReservation(regions.in(AP), CALLER, idOf(reservation)))).toBe('ok');
    regions.rejoin(US);
    await regions.settle();
    await expectSound();
    expect(
      regions
        .store(US)
        .all('stock')
        .find(({ locationId }) => locationId === 'us')?.onHand,
    ).toBe(0);
    regions.clock.advance(10_000);
    await regions.sweep();
    expect(
      regions
        .store(AP)
        .all('shipment')
        .filter(({ bookingDueAtMs }) => bookingDueAtMs),
    ).toEqual([]);
  });
});

describe('units that arrive while a hold looks for them', () => {
  it('are accepted by the hold itself, when no stream has shown them yet', async () => {
    await move(10);
    await regions.settle();
    const moves = [{ tenantId: TENANT, sku: 'a', locationId: 'us', home: US, quantity: 10 }];
    await giveUnits(regions.in(US), moves, { to: EU, reason: 'rebalance' });
    expect((await held(AP, 10)).region).toBe(EU);
    await regions.settle();
    await expectSound();
  });

  it('are found: a refusal does not rest on a quota that was read before they came', async () => {
    await move(10);
    await regions.settle();
    const moves = [{ tenantId: TENANT, sku: 'a', locationId: 'us', home: US, quantity: 10 }];
    const [grant] = await giveUnits(regions.in(US), moves, { to: EU, reason: 'rebalance' });
    if (grant === undefined) throw new Error('Nothing was given');
    const deps = regions.in(AP);
    const eu = deps.replicas.in(EU);
    const late = new Proxy(eu, {
      get: (target, name: keyof Store) => {
        if (name !== 'getMany') return target[name];
        return async (...given: Parameters<Store['getMany']>) => {
          await acceptGrant(regions.in(EU), grant);
          return target.getMany(...given);
        };
      },
    });
    const replicas = { in: (region: string) => (region === EU ? late : deps.replicas.in(region)) };
    const lines = [{ sku: 'a', quantity: 10 }];
    const command = { lines, ttlSeconds: 900, allowPartial: false, metadata: {} };
    const reserved = await reserveStock({ ...deps, replicas }, CALLER, { command, idempotency: nextKey() });
    expect(codeOf(reserved)).toBe('ok');
  });
});

describe('a shortage', () => {
  it('is declared only for what no region has', async () => {
    await move(20);
    await regions.settle();
    const there = await held(AP, 5);
    expect(there.region).toBe(US);
    await give(10);
    expect(await availableIn(EU)).toBe(10);
    const mine = await held(EU, 4);
    expect(mine.region).toBe(EU);
    // 20 on hand, 9 promised: a count of 9 leaves nobody short, one of 7 leaves 2 short.
    expect(codeOf(await move(7, { type: 'count', in: AP }))).toBe('ok');
    await regions.settle();
    await expectSound();
    const [stock] = regions.store(US).all('stock');
    expect(stock).toMatchObject({ onHand: 7, shortage: 2, recalled: true });
    expect(
      regions
        .store(EU)
        .all('quota')
        .filter(({ recalled }) => recalled).length,
    ).toBe(3);
    // What comes back anywhere pays the shortage.
    await releaseReservation(regions.in(AP), CALLER, idOf(mine));
    await regions.settle();
    await expectSound();
    expect(regions.store(US).all('stock')[0]).toMatchObject({ shortage: 0, recalled: false });
    expect(await availableIn(US)).toBe(2);
    expect(
      regions
        .store(EU)
        .all('quota')
        .filter(({ recalled }) => recalled),
    ).toEqual([]);
  });

  it('recalls a region that was out of reach, when it is back', async () => {
    await move(20);
    await regions.settle();
    await give(10);
    expect(codeOf(await move(12, { type: 'write_off' }))).toBe('ok');
    await regions.settle();
    await expectSound();
    expect(await availableIn(EU)).toBe(8);
    regions.cutOff(EU);
    expect(codeOf(await move(2, { type: 'write_off' }))).toBe('insufficient_stock');
    await expect(move(2, { type: 'count' })).rejects.toThrow('cannot be reached');
  });
});

describe('safety stock', () => {
  it('is kept back from what other regions have, and paid by what comes back', async () => {
    await move(20);
    await regions.settle();
    await give(15);
    const mine = await held(EU, 12);
    await product('a', 10);
    await regions.settle();
    await expectSound();
    expect(regions.store(US).all('stock')[0]).toMatchObject({ keptBack: 8, recalled: true });
    await releaseReservation(regions.in(EU), CALLER, idOf(mine));
    await regions.settle();
    await expectSound();
    expect(regions.store(US).all('stock')[0]).toMatchObject({ keptBack: 10, recalled: false });
    expect(await availableIn(US)).toBe(10);
  });
});

describe('a key that was used in two regions before they heard of each other', () => {
  const both = async () => {
    await move(400);
    await give(200);
    const idempotency = nextKey();
    const first = await hold(US, {}, idempotency);
    const second = await hold(EU, {}, idempotency);
    if (!first.ok || !second.ok) throw new Error('refused');
    expect(second.value.replayed).toBe(false);
    return [first.value.reservation, second.value.reservation] as const;
  };
  const confirm = (reservation: Reservation) =>
    confirmReservation(regions.in(reservation.region), CALLER, { ...idOf(reservation), command: {} });
  const statusIn = (region: string) =>
    regions
      .store(region)
      .all('reservation')
      .find((reservation) => reservation.region === region)?.status;

  it('keeps the reservation that is confirmed and gives the other back', async () => {
    const [first] = await both();
    expect(codeOf(await confirm(first))).toBe('ok');
    await regions.settle();
    expect([statusIn(US), statusIn(EU)]).toEqual(['confirmed', 'released']);
    await expectSound();
  });

  it('keeps both when both are confirmed', async () => {
    const [first, second] = await both();
    await confirm(first);
    await confirm(second);
    await regions.settle();
    expect([statusIn(US), statusIn(EU)]).toEqual(['confirmed', 'confirmed']);
    await expectSound();
  });
});

describe('a region out of reach', () => {
  it('does not keep the others from serving what they have', async () => {
    await move(20);
    await regions.settle();
    await give(10);
    regions.cutOff(EU);
    expect((await held(US, 5)).region).toBe(US);
    expect((await held(AP, 5)).region).toBe(US);
    expect(codeOf(await hold(US, {}))).toBe('insufficient_stock');
    expect((await held(EU, 10)).region).toBe(EU);
    regions.rejoin(EU);
    await regions.settle();
    await expectSound();
  });

  it('keeps its reservations: a change of one says that the region is out of reach', async () => {
    await move(20);
    await regions.settle();
    const reservation = await held(US, 5);
    await regions.settle();
    regions.cutOff(US);
    await expect(releaseReservation(regions.in(EU), CALLER, idOf(reservation))).rejects.toThrow();
    const seen = await readReservation(regions.in(EU), TENANT, formatReservationId(reservation));
    if (!seen.ok) throw new Error(seen.rejection.code);
    expect(seen.value.reservation).toEqual(reservation);
    expect(seen.value.asOfMs).toBe(regions.clock.now());
  });
});

describe('a drain', () => {
  it('forwards holds, gives units away, passes on what is released, and ends', async () => {
    await move(20);
    await regions.settle();
    await give(10);
    const reservation = await held(EU, 4);
    expect(await setRegionStatus(regions.in(AP), EU, 'draining')).toMatchObject({
      value: { region: EU, status: 'draining' },
    });
    await regions.settle();
    regions.clock.advance(6000);
    await tendRegion(regions.in(EU));
    await regions.settle();
    expect(await availableIn(EU)).toBe(0);
    expect((await held(EU, 4)).region).toBe(US);
    await releaseReservation(regions.in(EU), CALLER, idOf(reservation));
    for (let look = 0; look < 2; look += 1) await tendRegion(regions.in(EU));
    await regions.settle();
    expect(await availableIn(US)).toBe(16);
    expect(await listRegions(regions.in(US))).toMatchObject([{}, { region: EU, status: 'drained' }, {}]);
    await expectSound();
    await setRegionStatus(regions.in(AP), EU, 'active');
    await regions.settle();
    expect(await listRegions(regions.in(US))).toMatchObject([{}, { region: EU, status: 'active' }, {}]);
  });
});

describe('a drain beside a region that has fallen silent', () => {
  it('gives units to one that was heard of, not to their home', async () => {
    await move(20);
    await regions.settle();
    await give(10);
    await tendRegion(regions.in(US));
    await setRegionStatus(regions.in(EU), EU, 'draining');
    regions.clock.advance(120_000);
    await tendRegion(regions.in(AP));
    await regions.settle();
    await tendRegion(regions.in(EU));
    await regions.settle();
    expect([await availableIn(US), await availableIn(EU), await availableIn(AP)]).toEqual([10, 0, 10]);
    await expectSound();
  });
});

describe('the rebalancer', () => {
  it('gives every region its share of a large stock, and lets a small one be', async () => {
    await move(150);
    await regions.settle();
    expect(await availableIn(EU)).toBe(0);
    await move(9_850);
    await regions.settle();
    const shares = [await availableIn(US), await availableIn(EU), await availableIn(AP)];
    expect(shares[1]).toBeGreaterThan(1000);
    expect(shares[2]).toBeGreaterThan(1000);
    await expectSound();
  });

  it('follows the demand', async () => {
    await move(10_000);
    for (let minute = 0; minute < 40; minute += 1) {
      for (let sale = 0; sale < 4; sale += 1) await held(AP, 40);
      regions.clock.advance(30_000);
      await regions.settle();
    }
    const [us = 0, ap = 0] = [await availableIn(US), await availableIn(AP)];
    expect(ap).toBeGreaterThan(us);
    await expectSound();
  });
});

describe('a region that is retired', () => {
  it('gives back what was stranded there, once it can no longer answer', async () => {
    await move(20);
    await regions.settle();
    await give(12);
    await held(EU, 5);
    const kept = await held(US, 3);
    await regions.settle();
    expect(codeOf(await retireRegion(regions.in(US), EU))).toBe('invalid_transition');
    regions.cutOff(EU);
    for (const from of [US, AP]) {
      expect(await retireRegion(regions.in(from), EU)).toMatchObject({ value: { status: 'retired' } });
    }
    const recoveredAt = () =>
      regions
        .store(US)
        .all('retirement')
        .find(({ by }) => by === US)?.recoveredAtMs;
    await tendRegion(regions.in(US));
    expect(recoveredAt()).toBeUndefined();
    for (let look = 0; look < 2; look += 1) {
      regions.clock.advance(10_000);
      for (const region of [US, AP]) await tendRegion(regions.in(region));
    }
    expect(recoveredAt()).toBeDefined();
    await regions.settle();
    await expectSound();
    expect(await availableIn(US)).toBe(17);
    expect(codeOf(await releaseReservation(regions.in(AP), CALLER, idOf(kept)))).toBe('ok');
    expect((await held(AP, 20)).region).toBe(US);
    expect(await listRegions(regions.in(US))).toMatchObject([{}, { region: EU, status: 'retired' }, {}]);
  });
});

describe('a reservation of more recalled quotas than a transaction can settle', () => {
  it('gives all of them back, and each pays what its location is owed', async () => {
    const skus = Array.from({ length: 50 }, (_, index) => `many-${index}`);
    for (const sku of skus) {
      await product(sku);
      const command = { type: 'receipt', sku, locationId: 'us', quantity: 2 } as const;
      await recordMovement(regions.in(US), CALLER, { command, idempotency: nextKey() });
    }
    await regions.settle();
    const reserved = await hold(US, { lines: skus.map((sku) => ({ sku, quantity: 2 })) });
    if (!reserved.ok) throw new Error(reserved.rejection.code);
    for (const sku of skus) {
      const command = { type: 'count', sku, locationId: 'us', quantity: 1 } as const;
      await recordMovement(regions.in(US), CALLER, { command, idempotency: nextKey() });
    }
    const released = await releaseReservation(regions.in(US), CALLER, idOf(reserved.value.reservation));
    expect(codeOf(released)).toBe('ok');
    await regions.settle();
    for (const sku of skus) {
      const audit = await auditStock(regions.in(US), TENANT, sku);
      expect(audit).toMatchObject({ value: { ok: true, total: { available: 1, shortage: 0 } } });
    }
  });
});

describe('a grant that no stream has brought to its end', () => {
  it('is accepted by the sweep of its giver, as soon as its taker can be reached', async () => {
    await move(20);
    await regions.settle();
    regions.cutOff(EU);
    const moves = [{ tenantId: TENANT, sku: 'a', locationId: 'us', home: US, quantity: 8 }];
    await giveUnits(regions.in(US), moves, { to: EU, reason: 'rebalance' });
    regions.clock.advance(61_000);
    await sweepOnce(regions.in(US));
    expect(regions.store(US).all('grant')).toHaveLength(1);
    regions.rejoin(EU);
    regions.clock.advance(61_000);
    await sweepOnce(regions.in(US));
    expect(regions.store(US).all('grant')).toEqual([]);
    expect(await availableIn(EU)).toBe(8);
    await regions.settle();
    await expectSound();
    expect(await availableIn(EU)).toBe(8);
  });
});
