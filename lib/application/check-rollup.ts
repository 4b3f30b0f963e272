/** Whether the read model of a region says of a product what the records say. */
import type { Discrepancy } from '../domain/conservation.ts';
import type { RollupDifference } from '../domain/rollup-differences.ts';
import type { CheckRollup } from './find-drift.ts';
import { compareRollup, type RebuildDependencies } from './rebuild-rollups.ts';
import { isFresh } from './stock-directory.ts';

/** Figures only: what a rollup says in words follows from them. */
function discrepancyOf({ field, rollup = 0, truth = 0 }: RollupDifference): Discrepancy[] {
  if (typeof rollup !== 'number' || typeof truth !== 'number') return [];
  const sentence = `the read model says that ${field} is ${rollup}, and it is ${truth}`;
  return [{ locationId: '', rule: 'read_model', figure: field, found: rollup, expected: truth, sentence }];
}

/**
 * Compares rollups with the records of the region's replica. While the stream is late they differ, and nothing is
 * wrong but that: it has an alarm of its own, so nothing is compared then.
 */
export function createRollupCheck(deps: RebuildDependencies): CheckRollup {
  return async (product) => {
    const watermark = await deps.readModel.watermark();
    if (watermark === undefined || !isFresh(watermark, deps.clock.now())) return [];
    return (await compareRollup(deps, product)).flatMap(discrepancyOf);
  };
}
