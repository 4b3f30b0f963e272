import { beforeEach, describe, expect, it } from 'vitest';
import { confirmReservation } from '../../../lib/application/confirm-reservation.ts';
import { followStock } from '../../../lib/application/follow-stock.ts';
import { type RecordChange, type Store, StoreUnavailableError } from '../../../lib/application/ports.ts';
import { putLocation } from '../../../lib/application/put-location.ts';
import { putProduct } from '../../../lib/application/put-product.ts';
import { readAvailability, readStock } from '../../../lib/application/read-stock.ts';
import { recordMovement } from '../../../lib/application/record-movement.ts';
import { releaseReservation } from '../../../lib/application/release-reservation.ts';
import { reserveStock } from '../../../lib/application/reserve-stock.ts';
import { shipReservation } from '../../../lib/application/ship-reservation.ts';
import { formatReservationId } from '../../../lib/domain/identifiers.ts';
import type { BookableMovementType } from '../../../lib/domain/movement.ts';
import type { Rollup } from '../../../lib/domain/rollup.ts';
import { createFollowedWorld } from '../../support/followed-world.ts';
import { CALLER, REGION, TENANT } from '../../support/world.ts';

let followed: ReturnType<typeof createFollowedWorld>;
let keys = 0;

const nextKey = () => {
  keys += 1;
  return { key: `key-${keys}`, fingerprint: 'same' };
};

async function product(sku: string, safetyStock = 0): Promise<void> {
  const command = { sku, name: sku, unit: 'each', attributes: {}, safetyStock };
  await putProduct(followed.world, CALLER, { command, precondition: () => true });
}

const move = (type: BookableMovementType, quantity: number, sku = 'a') =>
  recordMovement(followed.world, CALLER, {
    command: { type, sku, locationId: 'north', quantity },
    idempotency: nextKey(),
  });

async function held(quantity: number, ...skus: string[]): Promise<string> {
  const lines = (skus.length === 0 ? ['a'] : skus).map((sku) => ({ sku, quantity }));
  const command = { lines, ttlSeconds: 900, allowPartial: false, metadata: {} };
  const reserved = await reserveStock(followed.world, CALLER, { command, idempotency: nextKey() });
  if (!reserved.ok) throw new Error(reserved.rejection.detail);
  return formatReservationId(reserved.value.reservation);
}

const confirm = (reservationId: string) =>
  confirmReservation(followed.world, CALLER, { command: {}, idempotency: nextKey(), reservationId });
const release = (reservationId: string) =>
  releaseReservation(followed.world, CALLER, { idempotency: nextKey(), reservationId });
const ship = (reservationId: string) =>
  shipReservation(followed.world, CALLER, { idempotency: nextKey(), reservationId });

const rollup = (sku = 'a'): Promise<Rollup | undefined> =>
  followed.world.readModel.get({ tenantId: TENANT, sku }, 'strong');

/** What is said of a sku, without when. */
async function told(consistency: 'eventual' | 'strong', sku = 'a') {
  const stock = await readStock(followed.world, TENANT, { sku, consistency });
  if (!stock.ok) throw new Error(stock.rejection.detail);
  const { asOfMs: _, ...rest } = stock.value;
  return rest;
}

/** Looks a moment later, when nothing is remembered any more. */
async function agrees(sku = 'a'): Promise<void> {
  followed.world.clock.advance(1_000);
  expect(await told('eventual', sku)).toEqual(await told('strong', sku));
}

beforeEach(async () => {
  followed = createFollowedWorld();
  const command = { locationId: 'north', name: 'North', region: REGION, type: 'warehouse', priority: 1 };
  await putLocation(followed.world, CALLER, { command, precondition: () => true });
  await product('a');
});

describe('a rollup that follows the stream', () => {
  it('says what the records say, through the life of a reservation', async () => {
    await move('receipt', 10);
    await followed.follow();
    await agrees();
    const kept = await held(3);
    const given = await held(2);
    await followed.follow();
    await agrees();
    await confirm(kept);
    await release(given);
    await followed.follow();
    await agrees();
    expect((await told('eventual')).locations).toMatchObject([
      { onHand: 10, available: 7, held: 0, committed: 3 },
    ]);
    await ship(kept);
    await followed.follow();
    await agrees();
    expect((await told('eventual')).locations).toMatchObject([{ onHand: 7, available: 7, committed: 0 }]);
  });

  it('is one write for a batch, and none when the batch says nothing new', async () => {
    await move('receipt', 10);
    await confirm(await held(3));
    const changes = followed.stream.map(({ change }) => change);
    await followed.follow();
    const first = await rollup();
    expect(first?.version).toBe(1);
    await followStock(followed.deps, changes);
    expect(await rollup()).toBe(first);
  });

  it('is begun with all that the replica has, should the read model be younger than the sku', async () => {
    await move('receipt', 10);
    await confirm(await held(3));
    followed.stream.length = 0;
    await product('a');
    await followed.follow();
    await agrees();
    expect((await rollup())?.committed).toEqual([{ locationId: 'north', units: 3 }]);
  });

  it('keeps a confirmation that the index does not show, and forgets it when the index surely does', async () => {
    followed = createFollowedWorld({ indexLagMs: () => 30_000 });
    const command = { locationId: 'north', name: 'North', region: REGION, type: 'warehouse', priority: 1 };
    await putLocation(followed.world, CALLER, { command, precondition: () => true });
    await product('a');
    await move('receipt', 10);
    const [one, two] = [await held(1), await held(2)];
    await confirm(one);
    await followed.follow();
    await confirm(two);
    await followed.follow();
    expect((await rollup())?.committed).toEqual([{ locationId: 'north', units: 3 }]);
    expect((await rollup())?.recent).toHaveLength(2);
    followed.world.clock.advance(61_000);
    await ship(one);
    await followed.follow();
    expect((await rollup())?.committed).toEqual([{ locationId: 'north', units: 2 }]);
    expect((await rollup())?.recent).toHaveLength(1);
  });

  it('does not believe a change that is shown again long after newer ones', async () => {
    await move('receipt', 10);
    const reservationId = await held(4);
    await followed.follow();
    await confirm(reservationId);
    const parked = followed.stream.map(({ change }) => change);
    await ship(reservationId);
    await followed.follow();
    followed.world.clock.advance(600_000);
    await confirm(await held(1));
    await followed.follow();
    await followStock(followed.deps, parked);
    await agrees();
    expect((await rollup())?.committed).toEqual([{ locationId: 'north', units: 1 }]);
  });

  it('counts each line of a cart for its own sku', async () => {
    await product('b');
    await move('receipt', 10);
    await move('receipt', 10, 'b');
    await confirm(await held(2, 'a', 'b'));
    await followed.follow();
    await agrees('a');
    await agrees('b');
    const answers = await readAvailability(followed.world, TENANT, ['b', 'none', 'a', 'b']);
    expect(answers).toMatchObject([
      { sku: 'b', available: 8, onHand: 10 },
      { sku: 'none', error: 'not_found' },
      { sku: 'a', available: 8, onHand: 10 },
      { sku: 'b', available: 8, onHand: 10 },
    ]);
  });

  it('reads what the skus of a batch share once', async () => {
    const skus = ['b', 'c', 'd', 'e'];
    for (const sku of skus) {
      await product(sku);
      await move('receipt', 10, sku);
    }
    await followed.follow();
    await confirm(await held(1, ...skus));
    let reads = 0;
    const store: Store = new Proxy<Store>(followed.memory, {
      get: (target, name: keyof Store) => {
        if (name === 'claimsSeenAmong') reads += 1;
        return (target[name] as (...given: unknown[]) => unknown).bind(target);
      },
    });
    await followStock(
      { ...followed.deps, store },
      followed.stream.splice(0).map(({ change }) => change),
    );
    expect(reads).toBe(1);
    for (const sku of skus) await agrees(sku);
  });

  it('gets the news of two who follow it at once', async () => {
    await product('a', 2);
    await move('receipt', 10);
    const one = await held(1);
    const two = await held(2);
    await followed.follow();
    await confirm(one);
    await confirm(two);
    const changes = followed.stream.splice(0).map(({ change }) => change);
    const failed = await Promise.all(changes.map((change) => followStock(followed.deps, [change])));
    expect(failed.map(({ size }) => size)).toEqual(changes.map(() => 0));
    await agrees();
  });

  it('names the changes that must be shown again, and follows the others', async () => {
    await product('b');
    await move('receipt', 10);
    await move('receipt', 10, 'b');
    const { readModel } = followed.world;
    const broken = {
      ...followed.deps,
      readModel: {
        ...readModel,
        get: async (...[key]: Parameters<typeof readModel.get>) => {
          if (key.sku === 'a') throw new StoreUnavailableError('out of reach');
          return undefined;
        },
        put: readModel.put.bind(readModel),
      },
    };
    const changes = followed.stream.map(({ change }) => change);
    const failed = await followStock(broken, changes);
    const skuOf = ({ after }: RecordChange) => (after as { sku?: string }).sku;
    const skus = new Set([...failed].map((index) => skuOf(changes[index] as RecordChange)));
    expect([...skus]).toEqual(['a']);
    expect(await rollup('a')).toBeUndefined();
    expect((await rollup('b'))?.stocks).toMatchObject([{ onHand: 10 }]);
  });

  it('gives up when others change it all the time', async () => {
    const deps = {
      ...followed.deps,
      readModel: { ...followed.deps.readModel, get: async () => undefined, put: refused },
    };
    async function refused() {
      return { outcome: 'refused', there: undefined } as const;
    }
    const failed = await followStock(
      deps,
      followed.stream.map(({ change }) => change),
    );
    expect(failed.size).toBe(1);
  });
});

describe('the level of a sku', () => {
  const types = () => followed.events.map(({ type }) => type);

  it('is told when it changes, once, and not when it is first known', async () => {
    await product('a', 2);
    await move('receipt', 12);
    await followed.follow();
    expect([types(), (await rollup())?.level]).toEqual([[], 'in']);
    const much = await held(9);
    await followed.follow();
    expect(types()).toEqual(['stock.low']);
    const rest = await held(1);
    await followed.follow();
    expect(types()).toEqual(['stock.low', 'stock.out']);
    await release(much);
    await followed.follow();
    expect(types()).toEqual(['stock.low', 'stock.out', 'stock.back']);
    await release(rest);
    await held(10);
    await followed.follow();
    expect(types()).toEqual(['stock.low', 'stock.out', 'stock.back', 'stock.low', 'stock.out']);
    expect(followed.events.at(-1)).toMatchObject({
      tenantId: TENANT,
      region: REGION,
      subject: 'a',
      data: { sku: 'a', available: 0, safetyStock: 2 },
    });
    const sequences = followed.events.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    expect(new Set(followed.events.map(({ id }) => id)).size).toBe(5);
    expect((await rollup())?.unsentEvents).toEqual([]);
  });

  it('of a moment within one batch is not told', async () => {
    await move('receipt', 2);
    await followed.follow();
    await release(await held(2));
    await followed.follow();
    expect(types()).toEqual([]);
  });

  it('waits with what nobody took, and is then told as it was', async () => {
    await move('receipt', 2);
    await followed.follow();
    followed.bus.isDown = true;
    const all = await held(2);
    const changes = followed.stream.map(({ change }) => change);
    await followed.follow();
    expect((await rollup())?.unsentEvents).toMatchObject([{ type: 'stock.out' }]);
    followed.bus.isDown = false;
    await followStock(followed.deps, changes);
    expect(types()).toEqual(['stock.out']);
    expect((await rollup())?.unsentEvents).toEqual([]);
    followed.bus.isDown = true;
    await release(all);
    await followed.follow();
    followed.bus.isDown = false;
    await held(1);
    await followed.follow();
    expect(types()).toEqual(['stock.out', 'stock.back']);
  });

  it('is told by the home region of the tenant alone', async () => {
    await move('receipt', 2);
    await followed.follow();
    const abroad = {
      ...followed.deps,
      tenants: { homeOf: async () => 'eu-west-1', find: async () => undefined },
    };
    await held(2);
    await followStock(
      abroad,
      followed.stream.splice(0).map(({ change }) => change),
    );
    expect(types()).toEqual([]);
    expect((await rollup())?.level).toBe('out');
  });
});

describe('signs of life', () => {
  const beat = (region: string, beatAtMs: number): RecordChange => ({
    entity: 'regionState',
    after: { region, status: 'active', beatAtMs, version: 1 },
  });

  it('of the region itself say how far the changes were followed', async () => {
    const { world, deps } = followed;
    const nowMs = world.clock.now();
    await followStock(deps, [beat(REGION, nowMs - 700), beat(REGION, nowMs - 200), beat('eu-west-1', nowMs)]);
    expect(await world.readModel.watermark()).toEqual({ writtenAtMs: nowMs - 200, seenAtMs: nowMs });
    await followStock(deps, [beat('eu-west-1', nowMs + 5_000)]);
    await followStock(deps, [beat(REGION, nowMs - 700)]);
    expect(await world.readModel.watermark()).toEqual({ writtenAtMs: nowMs - 200, seenAtMs: nowMs });
  });
});
