import { describe, expect, it } from 'vitest';
import { CALL_FAULTS } from '../../lib/simulation/call-faults.ts';
import { FaultCounts } from '../../lib/simulation/fault-counts.ts';
import { drawPlan } from '../../lib/simulation/nemesis-plan.ts';
import { SeededRandom } from '../../lib/simulation/random.ts';
import { openShop } from './counting-shop.ts';

/** Simulated minutes a run lasts, and those after which everything has arrived. */
const MINUTES = 40;
const QUIET_MINUTES = 30;
const SEEDS = 16;

async function runShop(seed: number) {
  const shop = openShop({ seed });
  await shop.pass(MINUTES);
  shop.close();
  await shop.pass(QUIET_MINUTES);
  return shop;
}

/**
 * A stream loses nothing within a day, nobody takes regions of the small shop out of service, and it has neither
 * queues nor a bus.
 */
const NOT_HERE = [
  'trimmedRecords',
  'drains',
  'activations',
  'partlyDoneBatches',
  'refusedMessages',
  'takenMessages',
  'queueBatches',
  'redeliveredMessages',
  'deadLetters',
  'redrivenMessages',
];

describe('a plan of what goes wrong', () => {
  const plans = Array.from({ length: 300 }, (_, seed) => drawPlan(new SeededRandom(seed)));

  it('is calm for some seeds and wild for others', () => {
    const moods = Map.groupBy(plans, ({ mood }) => mood);
    for (const mood of ['calm', 'usual', 'wild'] as const) {
      expect(moods.get(mood)?.length).toBeGreaterThan(30);
    }
  });

  it('leaves each kind of fault out of some seeds, and has it in others', () => {
    for (const fault of CALL_FAULTS) {
      const without = plans.filter(({ calls }) => calls[fault] === 0).length;
      expect(without).toBeGreaterThan(30);
      expect(without).toBeLessThan(270);
    }
  });

  it('never lets most calls fail', () => {
    for (const { calls } of plans) {
      expect(CALL_FAULTS.reduce((sum, fault) => sum + calls[fault], 0)).toBeLessThan(0.4);
    }
  });
});

describe('a simulated shop', () => {
  it('does the same for the same seed, and something else for another', { timeout: 60_000 }, async () => {
    const hashes: string[] = [];
    for (const seed of [7, 7, 8]) hashes.push((await runShop(seed)).trace.hash);
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).not.toBe(hashes[2]);
  });

  it('meets every kind of fault, and afterwards all replicas are alike', { timeout: 120_000 }, async () => {
    const totals = new FaultCounts();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { counts, replication, streams, stores, seen } = await runShop(seed);
      totals.addAll(counts.all());
      expect(replication.backlog).toBe(0);
      expect(streams.map(({ backlog }) => backlog)).toEqual([0, 0, 0]);
      expect([replication.conflicts, replication.itemsOfTwoWriters.size]).toEqual([0, 0]);
      const contents = stores.map((store) =>
        [...store.all('quota'), ...store.all('reservation')].map((record) => JSON.stringify(record)).sort(),
      );
      expect(contents[1]).toEqual(contents[0]);
      expect(contents[2]).toEqual(contents[0]);
      // Whoever was told that it sold something did.
      expect(stores[0]?.all('reservation').length).toBeGreaterThanOrEqual(seen.sold);
      expect(seen.sold).toBeGreaterThan(0);
      expect(seen.streamed).toBeGreaterThanOrEqual(counts.of('streamRecords') - counts.of('trimmedRecords'));
    }
    for (const [name, count] of Object.entries(totals.all())) {
      if (!NOT_HERE.includes(name)) expect([name, count > 0]).toEqual([name, true]);
    }
  });
});
