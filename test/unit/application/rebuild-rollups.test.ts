import { beforeEach, describe, expect, it } from 'vitest';
import { createRollupCheck } from '../../../lib/application/check-rollup.ts';
import { confirmReservation } from '../../../lib/application/confirm-reservation.ts';
import { putLocation } from '../../../lib/application/put-location.ts';
import { putProduct } from '../../../lib/application/put-product.ts';
import {
  type RebuildOptions,
  type RebuiltSku,
  rebuildRollups,
} from '../../../lib/application/rebuild-rollups.ts';
import { recordMovement } from '../../../lib/application/record-movement.ts';
import { reserveStock } from '../../../lib/application/reserve-stock.ts';
import { formatReservationId } from '../../../lib/domain/identifiers.ts';
import type { Rollup } from '../../../lib/domain/rollup.ts';
import { createFollowedWorld } from '../../support/followed-world.ts';
import { CALLER, REGION, TENANT } from '../../support/world.ts';

let followed: ReturnType<typeof createFollowedWorld>;
let keys = 0;

const nextKey = () => {
  keys += 1;
  return { key: `key-${keys}`, fingerprint: 'same' };
};

async function stockUp(sku: string, tenantId = TENANT): Promise<void> {
  const caller = { ...CALLER, tenantId };
  const place = { locationId: 'north', name: 'North', region: REGION, type: 'warehouse', priority: 1 };
  await putLocation(followed.world, caller, { command: place, precondition: () => true });
  const product = { sku, name: sku, unit: 'each', attributes: {}, safetyStock: 0 };
  await putProduct(followed.world, caller, { command: product, precondition: () => true });
  const receipt = { type: 'receipt', sku, locationId: 'north', quantity: 10 } as const;
  await recordMovement(followed.world, caller, { command: receipt, idempotency: nextKey() });
}

async function confirmed(quantity: number): Promise<void> {
  const lines = [{ sku: 'a', quantity }];
  const command = { lines, ttlSeconds: 900, allowPartial: false, metadata: {} };
  const placed = await reserveStock(followed.world, CALLER, { command, idempotency: nextKey() });
  if (!placed.ok) throw new Error(placed.rejection.code);
  const reservationId = formatReservationId(placed.value.reservation);
  await confirmReservation(followed.world, CALLER, { command: {}, idempotency: nextKey(), reservationId });
}

async function rebuild(options: Partial<RebuildOptions> = {}): Promise<RebuiltSku[]> {
  const rebuilt: RebuiltSku[] = [];
  await rebuildRollups(followed.world, { dryRun: false, report: (one) => rebuilt.push(one), ...options });
  return rebuilt;
}

const rollup = async (sku = 'a'): Promise<Rollup> => {
  const found = await followed.world.readModel.get({ tenantId: TENANT, sku }, 'strong');
  if (found === undefined) throw new Error('There is no rollup');
  return found;
};

/** Makes a rollup say something that is not so. */
async function falsify(change: (there: Rollup) => Partial<Rollup>): Promise<void> {
  const there = await rollup();
  await followed.world.readModel.put({ ...there, ...change(there), version: there.version + 1 });
}

beforeEach(async () => {
  followed = createFollowedWorld();
  await stockUp('a');
  await confirmed(3);
});

describe('a rebuild', () => {
  it('makes the rollups that the stream would have made', async () => {
    await stockUp('b');
    await stockUp('a', 'rival');
    const rebuilt = await rebuild();
    expect(rebuilt.map(({ outcome }) => outcome)).toEqual(['written', 'written', 'written']);
    const made = { ...(await rollup()), asOfMs: 0, recent: [] };
    const other = createFollowedWorld();
    followed.stream.forEach((shown) => {
      other.stream.push(shown);
    });
    other.memory.readSku = followed.memory.readSku.bind(followed.memory);
    other.memory.claimsSeen = followed.memory.claimsSeen.bind(followed.memory);
    await other.follow();
    const streamed = await other.world.readModel.get({ tenantId: TENANT, sku: 'a' }, 'strong');
    expect(made).toEqual({ ...streamed, asOfMs: 0, recent: [] });
  });

  it('leaves what is right as it is', async () => {
    await followed.follow();
    const before = await rollup();
    expect(await rebuild()).toEqual([
      { tenantId: TENANT, sku: 'a', region: REGION, outcome: 'right', differences: [] },
    ]);
    expect(await rollup()).toBe(before);
  });

  it('names every field that is wrong, and mends it, whatever version it claims to have', async () => {
    await followed.follow();
    const before = await rollup();
    await falsify(({ quotas, stocks }) => ({
      quotas: quotas.map((quota) => ({ ...quota, available: 99, version: 999 })),
      stocks: [
        ...stocks,
        { locationId: 'gone', region: REGION, onHand: 1, keptBack: 0, shortage: 0, version: 1 },
      ],
      committed: [],
      level: 'out',
    }));
    const [rebuilt] = await rebuild();
    expect(rebuilt?.outcome).toBe('written');
    expect(rebuilt?.differences).toEqual([
      { field: 'committed.north', truth: 3 },
      { field: 'level', rollup: 'out', truth: 'in' },
      { field: 'quotas.north.us-east-1.0.available', rollup: 99, truth: 7 },
      { field: 'quotas.north.us-east-1.0.version', rollup: 999, truth: before.quotas[0]?.version },
      { field: 'stocks.gone.keptBack', rollup: 0 },
      { field: 'stocks.gone.onHand', rollup: 1 },
      { field: 'stocks.gone.region', rollup: REGION },
      { field: 'stocks.gone.shortage', rollup: 0 },
      { field: 'stocks.gone.version', rollup: 1 },
    ]);
    const { version: _, asOfMs: __, unsentEvents, ...mended } = await rollup();
    expect(before).toMatchObject(mended);
    expect(unsentEvents).toMatchObject([{ type: 'stock.back', subject: 'a' }]);
  });

  it('lets the stream tell of a level that it knew before the stream did', async () => {
    await followed.follow();
    await confirmed(7);
    await rebuild();
    expect([followed.events, (await rollup()).unsentEvents.length]).toEqual([[], 1]);
    await followed.follow();
    expect(followed.events.map(({ type }) => type)).toEqual(['stock.out']);
    expect((await rollup()).unsentEvents).toEqual([]);
  });

  it('writes nothing when it only looks', async () => {
    await followed.follow();
    await falsify(() => ({ committed: [] }));
    const before = await rollup();
    const [rebuilt] = await rebuild({ dryRun: true });
    expect(rebuilt?.outcome).toBe('wrong');
    expect(await rollup()).toBe(before);
  });

  it('looks at one sku, or at those of one tenant, when asked to', async () => {
    await stockUp('b');
    await stockUp('a', 'rival');
    const asked = async (options: Partial<RebuildOptions>) =>
      (await rebuild({ dryRun: true, ...options })).map(({ tenantId, sku }) => `${tenantId} ${sku}`);
    expect(await asked({ tenantId: TENANT, sku: 'b' })).toEqual(['demo b']);
    expect(await asked({ tenantId: 'rival' })).toEqual(['rival a']);
    expect(await asked({})).toEqual(['demo a', 'demo b', 'rival a']);
  });

  it('counts a confirmation that the index does not show yet', async () => {
    followed = createFollowedWorld({ indexLagMs: () => 30_000 });
    await stockUp('a');
    await confirmed(4);
    await followed.follow();
    await falsify(() => ({ committed: [] }));
    const [rebuilt] = await rebuild();
    expect(rebuilt?.differences).toEqual([{ field: 'committed.north', truth: 4 }]);
  });

  it('begins anew when somebody changes the rollup meanwhile, and gives up in the end', async () => {
    await followed.follow();
    await falsify(() => ({ committed: [] }));
    const { readModel } = followed.world;
    let puts = 0;
    const meddling = (until: number) => ({
      ...followed.world,
      readModel: {
        ...readModel,
        get: readModel.get.bind(readModel),
        put: async (next: Rollup) => {
          puts += 1;
          if (puts <= until)
            await falsify(() => ({ committed: [{ locationId: 'north', units: 100 + puts }] }));
          return readModel.put(next);
        },
      },
    });
    const outcomes: string[] = [];
    const options = { dryRun: false, report: ({ outcome }: RebuiltSku) => outcomes.push(outcome) };
    await rebuildRollups(meddling(2), options);
    expect((await rollup()).committed).toEqual([{ locationId: 'north', units: 3 }]);
    puts = 0;
    await falsify(() => ({ committed: [] }));
    await rebuildRollups(meddling(100), options);
    expect(outcomes).toEqual(['written', 'contended']);
  });
});

describe('the check of a rollup', () => {
  const check = () => createRollupCheck(followed.world)({ tenantId: TENANT, sku: 'a' });
  const signOfLife = (ageMs = 0) => {
    const nowMs = followed.world.clock.now();
    return followed.world.readModel.setWatermark({ writtenAtMs: nowMs - ageMs, seenAtMs: nowMs });
  };

  it('finds nothing in one that is right, and writes nothing', async () => {
    await followed.follow();
    await signOfLife();
    const before = await rollup();
    expect(await check()).toEqual([]);
    expect(await rollup()).toBe(before);
  });

  it('names the figures that are wrong', async () => {
    await followed.follow();
    await signOfLife();
    await falsify(() => ({ committed: [], level: 'out' }));
    expect(await check()).toEqual([
      {
        locationId: '',
        rule: 'read_model',
        figure: 'committed.north',
        found: 0,
        expected: 3,
        sentence: 'the read model says that committed.north is 0, and it is 3',
      },
    ]);
  });

  it('says nothing while the stream is late', async () => {
    await followed.follow();
    await falsify(() => ({ committed: [] }));
    expect(await check()).toEqual([]);
    await signOfLife(20_000);
    expect(await check()).toEqual([]);
  });
});
