import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../lib/simulation/memory-table.ts';
import { Replication } from '../../lib/simulation/replication.ts';
import { RegionStream } from '../../lib/simulation/stream.ts';
import type { StreamRates } from '../../lib/simulation/stream-records.ts';
import { update } from '../support/guarded-writes.ts';
import { HERE, putQuota, quotaOf, type SmallWorld, smallWorld, THERE } from './small-world.ts';

const SKUS = Array.from({ length: 12 }, (_, index) => `s${index}`);
const CHANGES = 20;

describe('a stream', () => {
  let world: SmallWorld;
  let rates: StreamRates;

  beforeEach(() => {
    world = smallWorld();
    rates = { again: 0, rewind: 0, late: 0 };
  });

  /** Consumes the stream of a region; `fails` says which deliveries fail. */
  const consume = (
    region: string,
    fails: (delivery: number) => boolean = () => false,
    most = Number.POSITIVE_INFINITY,
  ) => {
    const seen: Change[] = [];
    const sizes: number[] = [];
    const stream = new RegionStream(world, {
      store: world.storeOf(region),
      rates,
      consume: async (batch) => {
        sizes.push(batch.length);
        if (fails(sizes.length)) throw new Error('crashed');
        await world.time.sleep(5);
        const done = batch.slice(0, most);
        seen.push(...done);
        return done.length;
      },
    });
    return { seen, sizes, stream };
  };

  const change = async (region: string = HERE) => {
    for (const sku of SKUS) await world.storeOf(region).commit([putQuota(sku, CHANGES, region)]);
    for (let taken = 1; taken < CHANGES; taken += 1) {
      for (const sku of SKUS) {
        const less = [{ change: 'add' as const, field: 'available', by: -1 }];
        await world.storeOf(region).commit([update(quotaOf(sku, 0, region), less)]);
      }
    }
  };

  const imagesOf = (seen: readonly Change[], sku: string) =>
    seen
      .map(({ after }) => after as { sku: string; available: number })
      .filter((after) => after.sku === sku)
      .map(({ available }) => available);
  const ALL_IMAGES = Array.from({ length: CHANGES }, (_, index) => CHANGES - index);

  it('brings every change of an item in order, in batches', async () => {
    const { seen, sizes, stream } = consume(HERE);
    await change();
    await world.pass(5);
    for (const sku of SKUS) expect(imagesOf(seen, sku)).toEqual(ALL_IMAGES);
    expect(new Set(sizes).size).toBeGreaterThan(3);
    expect(Math.max(...sizes)).toBe(10);
    expect(stream.backlog).toBe(0);
  });

  it('brings some of it twice, and all of it at least once', async () => {
    Object.assign(rates, { again: 0.3, rewind: 0.3, late: 0.1 });
    const { seen } = consume(HERE);
    await change();
    await world.pass(60);
    for (const sku of SKUS) {
      const images = imagesOf(seen, sku);
      expect(new Set(images)).toEqual(new Set(ALL_IMAGES));
      // The first time that each comes, it comes in order.
      expect([...new Set(images)]).toEqual(ALL_IMAGES);
    }
    const twice = seen.length - SKUS.length * CHANGES;
    expect(twice).toBeGreaterThan(50);
    expect(world.counts.of('redeliveredRecords')).toBe(twice);
    expect(world.counts.of('lateBatches')).toBeGreaterThan(0);
  });

  it('brings a batch that failed again, in smaller pieces', async () => {
    const { seen, sizes } = consume(HERE, (delivery) => delivery % 3 !== 0);
    await change();
    await world.pass(240);
    for (const sku of SKUS) expect([...new Set(imagesOf(seen, sku))]).toEqual(ALL_IMAGES);
    expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(10);
    expect(world.counts.of('failedBatches')).toBeGreaterThan(10);
  });

  it('goes on from the first record that was not done', async () => {
    const { seen, stream } = consume(HERE, () => false, 2);
    await change();
    await world.pass(240);
    for (const sku of SKUS) expect(imagesOf(seen, sku)).toEqual(ALL_IMAGES);
    expect(stream.backlog).toBe(0);
    expect(world.counts.of('partlyDoneBatches')).toBeGreaterThan(10);
  });

  it('stands still while its region is down, and goes on afterwards', async () => {
    const { seen, stream } = consume(HERE);
    await change();
    world.network.takeDown(HERE);
    await world.pass(10);
    expect([seen.length, stream.backlog]).toEqual([0, SKUS.length * CHANGES]);
    world.network.bringUp(HERE);
    await world.pass(5);
    for (const sku of SKUS) expect(imagesOf(seen, sku)).toEqual(ALL_IMAGES);
  });

  it('brings replicated changes as well, with those merged that replication merged', async () => {
    new Replication(world, world.stores, { merge: 0.8, late: 0 });
    const [own, other] = [consume(HERE), consume(THERE)];
    await change();
    await world.pass(10);
    expect(own.seen.every(({ origin }) => origin === 'local')).toBe(true);
    expect(other.seen.every(({ origin }) => origin === 'replicated')).toBe(true);
    expect(own.seen).toHaveLength(SKUS.length * CHANGES);
    expect(other.seen.length).toBeLessThan(own.seen.length / 2);
    for (const sku of SKUS) expect(imagesOf(other.seen, sku).at(-1)).toBe(1);
  });

  it('forgets what nobody read within a day', async () => {
    const { seen } = consume(HERE);
    await change();
    world.network.takeDown(HERE);
    await world.pass(25 * 60);
    world.network.bringUp(HERE);
    await world.pass(5);
    expect(seen).toEqual([]);
    expect(world.counts.of('trimmedRecords')).toBe(SKUS.length * CHANGES);
  });
});
