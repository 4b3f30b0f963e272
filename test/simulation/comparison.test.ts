import { describe, expect, it } from 'vitest';
import { runEscrow } from '../../lib/simulation/comparison/escrow-run.ts';
import { runCut, runLoad } from '../../lib/simulation/comparison/runs.ts';
import type { DemandShape } from '../../lib/simulation/comparison/scenario.ts';
import { missedTargets } from '../../lib/simulation/comparison/targets.ts';

const MINUTE_MS = 60_000;

/** The demand moves, a lot ends, another one comes; then the other sku is sold to its last unit. */
const SHORT: DemandShape = {
  holdsPerSecond: 12,
  skus: 2,
  regionSkew: 0.8,
  skuSkew: 0.9,
  movesEveryMs: 9 * MINUTE_MS,
  firstUnits: 4_000,
};

/** Machines that do other things as well take longer than a test usually may. */
const TIMEOUT_MS = 60_000;

describe('escrow under demand that moves', () => {
  it(
    'serves nearly all holds where they are asked for, with few grants, and sells the last unit',
    async () => {
      const figures = await runEscrow(1, { shape: SHORT, hours: 0.2 });
      expect(missedTargets(figures)).toEqual([]);
      expect(figures.bulk.holds).toBeGreaterThan(6_000);
      expect(figures.bulk.grants).toBeGreaterThan(2);
      expect(figures.sellOut.refused).toBeGreaterThan(100);
    },
    TIMEOUT_MS,
  );
});

describe('the comparison', () => {
  const shape = { ...SHORT, holdsPerSecond: 2 };

  it('gives the same figures for the same seed', async () => {
    const cut = () => runCut(7, 'escrow', { shape, isHome: true });
    expect(await cut()).toEqual(await cut());
  });

  it('shows what a cut costs each protocol', async () => {
    const cut = (protocol: 'escrow' | 'one home region' | 'strong consistency') =>
      runCut(3, protocol, { shape, isHome: true });
    expect(await cut('escrow')).toMatchObject({ served: 1 });
    expect(await cut('one home region')).toMatchObject({ servedInside: 1, servedOutside: 0 });
    expect(await cut('strong consistency')).toMatchObject({ servedInside: 0 });
  });

  it('takes no more of one item than a partition does', async () => {
    const offered = 300;
    const { heldPerSecond } = await runLoad(1, 'one home region', { shape, offered });
    expect(heldPerSecond).toBeGreaterThan(50);
    expect(heldPerSecond).toBeLessThan(1_000 / 8);
  });
});
