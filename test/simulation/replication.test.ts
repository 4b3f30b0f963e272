import { beforeEach, describe, expect, it } from 'vitest';
import { Replication } from '../../lib/simulation/replication.ts';
import type { ReplicationRates } from '../../lib/simulation/replication-link.ts';
import { update } from '../support/guarded-writes.ts';
import {
  availableIn,
  ELSEWHERE,
  HERE,
  MINUTE_MS,
  putQuota,
  quotaOf,
  REGIONS,
  type SmallWorld,
  smallWorld,
  THERE,
} from './small-world.ts';

const take = (sku: string, region: string = HERE) =>
  update(quotaOf(sku, 0, region), [{ change: 'add', field: 'available', by: -1 }]);

describe('replication', () => {
  let world: SmallWorld;
  let rates: ReplicationRates;
  let replication: Replication;

  beforeEach(() => {
    world = smallWorld();
    rates = { merge: 0, late: 0 };
    replication = new Replication(world, world.stores, rates);
  });

  const everywhere = (sku: string) =>
    Promise.all(REGIONS.map((region) => availableIn(world.storeOf(region), sku)));

  /** What a region's replica of a sku was, one after the other. */
  const imagesIn = (region: string) => {
    const seen: number[] = [];
    world.storeOf(region).onChange((changes) => {
      for (const { after } of changes) seen.push((after as { available: number }).available);
    });
    return seen;
  };

  it('brings every change everywhere, a moment later', async () => {
    await world.storeOf(HERE).commit([putQuota('sku', 5)]);
    expect(await everywhere('sku')).toEqual([5, undefined, undefined]);
    await world.pass(1);
    expect(await everywhere('sku')).toEqual([5, 5, 5]);
    expect(replication.backlog).toBe(0);
  });

  it('keeps the order of one item, and no order between items', async () => {
    const seen = imagesIn(THERE);
    await world.storeOf(HERE).commit([putQuota('sku', 30)]);
    for (let taken = 0; taken < 20; taken += 1) await world.storeOf(HERE).commit([take('sku')]);
    await world.pass(5);
    expect(seen).toEqual(Array.from({ length: 21 }, (_, index) => 30 - index));
    const arrived: string[] = [];
    world.storeOf(THERE).onChange((changes) => {
      for (const { key } of changes) arrived.push((key as { sku: string }).sku);
    });
    const skus = Array.from({ length: 20 }, (_, index) => `s${String(index).padStart(2, '0')}`);
    await world.storeOf(HERE).commit(skus.map((sku) => putQuota(sku, 1)));
    await world.pass(1);
    expect(arrived.toSorted()).toEqual(skus);
    expect(arrived).not.toEqual(skus);
  });

  it('merges changes of an item that wait, and then brings the last one', async () => {
    rates.merge = 1;
    const seen = imagesIn(THERE);
    await world.storeOf(HERE).commit([putQuota('sku', 30)]);
    for (let taken = 0; taken < 20; taken += 1) await world.storeOf(HERE).commit([take('sku')]);
    await world.pass(1);
    expect(seen).toEqual([10]);
    expect(world.counts.of('replicationMerges')).toBe(40);
  });

  it('brings a deletion', async () => {
    await world.storeOf(HERE).commit([putQuota('sku', 5)]);
    await world.pass(1);
    const { entity, key } = putQuota('sku', 5);
    await world
      .storeOf(HERE)
      .commit([{ entity, key, conditions: [], effect: { does: 'delete' } } as ReturnType<typeof putQuota>]);
    await world.pass(1);
    expect(await everywhere('sku')).toEqual([undefined, undefined, undefined]);
  });

  it('waits in a direction that is paused, and in no other', async () => {
    replication.pause(HERE, THERE);
    await world.storeOf(HERE).commit([putQuota('sku', 5)]);
    await world.pass(10);
    expect(await everywhere('sku')).toEqual([5, undefined, 5]);
    expect(replication.backlog).toBe(1);
    replication.resume(HERE, THERE);
    await world.pass(1);
    expect(await everywhere('sku')).toEqual([5, 5, 5]);
  });

  it('waits for a partition to end', async () => {
    world.network.cut(HERE, THERE);
    await world.storeOf(HERE).commit([putQuota('sku', 5)]);
    await world.storeOf(THERE).commit([putQuota('other', 3, THERE)]);
    await world.pass(1);
    expect([await everywhere('sku'), await everywhere('other')]).toEqual([
      [5, undefined, 5],
      [3, 3, 3],
    ]);
    world.network.mend(HERE, THERE);
    await world.pass(1);
    expect(await everywhere('sku')).toEqual([5, 5, 5]);
  });

  it('brings the late writes of a region that was lost, when it returns', async () => {
    await world.storeOf(HERE).commit([putQuota('sku', 5)]);
    world.network.takeDown(HERE);
    await world.storeOf(THERE).commit([putQuota('other', 3, THERE)]);
    await world.pass(10);
    expect([await everywhere('sku'), await everywhere('other')]).toEqual([
      [5, undefined, undefined],
      [undefined, 3, 3],
    ]);
    world.network.bringUp(HERE);
    await world.pass(1);
    expect([await everywhere('sku'), await everywhere('other')]).toEqual([
      [5, 5, 5],
      [3, 3, 3],
    ]);
    expect(replication.conflicts).toBe(0);
  });

  it('lets the last writer win, everywhere alike, and counts the conflict', async () => {
    await world.storeOf(HERE).commit([putQuota('sku', 5)]);
    await world.pass(1);
    await world.storeOf(HERE).commit([putQuota('sku', 4)]);
    world.time.after(1, () => void world.storeOf(THERE).commit([putQuota('sku', 3)]));
    await world.pass(1);
    expect(await everywhere('sku')).toEqual([3, 3, 3]);
    expect(replication.conflicts).toBeGreaterThan(0);
    expect(replication.conflictingItems.size).toBe(1);
  });

  it('lets the region decide between writes of the same time, and the clock between others', async () => {
    for (const region of [THERE, HERE]) await world.storeOf(region).commit([putQuota('sku', region.length)]);
    await world.pass(1);
    expect(await everywhere('sku')).toEqual(REGIONS.map(() => THERE.length));
    replication.setSkew(HERE, 10 * MINUTE_MS);
    await world.storeOf(HERE).commit([putQuota('clock', 1)]);
    world.time.after(1, () => void world.storeOf(ELSEWHERE).commit([putQuota('clock', 2)]));
    await world.pass(1);
    expect(await everywhere('clock')).toEqual([1, 1, 1]);
  });

  it('suppresses what was changed while a region was lost: the reason why nothing is taken over', async () => {
    await world.storeOf(HERE).commit([putQuota('sku', 5)]);
    await world.pass(1);
    replication.setSkew(HERE, MINUTE_MS);
    await world.storeOf(HERE).commit([take('sku')]);
    world.network.takeDown(HERE);
    await world.storeOf(THERE).commit([putQuota('sku', 0)]);
    await world.pass(1);
    world.network.bringUp(HERE);
    await world.pass(1);
    expect(await everywhere('sku')).toEqual([4, 4, 4]);
    expect(replication.conflicts).toBeGreaterThan(0);
  });

  it('sees two writers of an item even where neither lost anything', async () => {
    await world.storeOf(HERE).commit([putQuota('sku', 5)]);
    await world.pass(1);
    await world.storeOf(THERE).commit([putQuota('sku', 4)]);
    await world.pass(1);
    expect(await everywhere('sku')).toEqual([4, 4, 4]);
    expect(replication.conflicts).toBe(0);
    expect(replication.itemsOfTwoWriters.size).toBe(1);
  });

  it('never loses a write of a region whose clock goes back', async () => {
    replication.setSkew(HERE, MINUTE_MS);
    await world.storeOf(HERE).commit([putQuota('sku', 5)]);
    await world.pass(1);
    replication.setSkew(HERE, -MINUTE_MS);
    await world.storeOf(HERE).commit([take('sku')]);
    await world.pass(1);
    expect(await everywhere('sku')).toEqual([4, 4, 4]);
    expect(replication.conflicts).toBe(0);
  });
});
