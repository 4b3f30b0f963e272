import type { RegionUnits } from './rebalance.ts';

/**
 * How unevenly regions share units: 0 when each has as many, 100 when one has them all. Units on their way count where
 * they are going.
 *
 * @returns `undefined` of a place without units, or of a single region: there is nothing to share.
 */
export function quotaSpreadPercent(
  regions: readonly Pick<RegionUnits, 'available' | 'coming'>[],
): number | undefined {
  const units = regions.map(({ available, coming }) => available + coming);
  const total = units.reduce((sum, some) => sum + some, 0);
  if (total <= 0 || units.length < 2) return undefined;
  const evenShare = 1 / units.length;
  const largestShare = Math.max(...units) / total;
  return (100 * (largestShare - evenShare)) / (1 - evenShare);
}
