import { describe, expect, it } from 'vitest';
import { findMutant } from '../../lib/simulation/mutants/mutants.ts';
import { floorFaults, totalOf } from '../../lib/simulation/runner/floors.ts';
import { runSeed } from '../../lib/simulation/runner/run-seed.ts';
import { replayCommand } from '../../lib/simulation/runner/shrink.ts';

const HOURS = 0.1;

describe('a simulated run', { timeout: 60_000 }, () => {
  it('does the same for the same seed, and something else for another', async () => {
    const hashes: string[] = [];
    for (const seed of [3, 3, 4]) hashes.push((await runSeed({ seed, hours: HOURS })).hash);
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).not.toBe(hashes[2]);
  });

  it.each(['grant-without-debit', 'give-back-twice', 'part-of-a-hold', 'reservation-ttl'])(
    'finds the mistake %s',
    async (name) => {
      const report = await runSeed({ seed: 1, hours: HOURS, mutant: findMutant(name) });
      expect(report.violation?.what).toBeTypeOf('string');
    },
  );

  it('fails when nothing happened', () => {
    expect(floorFaults(totalOf([]))).toEqual(['nothing happened']);
  });

  it('is run again by one command', () => {
    expect(replayCommand({ seed: 7, hours: 0.5, without: ['skew', 'crash'], traffic: 0.25 })).toBe(
      'npm run simulate -- --seed 7 --hours 0.5 --without skew,crash --traffic 0.25 --trace',
    );
  });
});
