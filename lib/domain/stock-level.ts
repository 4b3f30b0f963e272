/** How much of a sku may be promised, in one word; and what somebody should hear of when that word changes. */
import type { Heard, StockLevelName } from './rollup.ts';
import { totalOf } from './stock-view.ts';

/** Events of a level: at most two for one change. */
export type LevelEvent = 'stock.low' | 'stock.out' | 'stock.back';

/** Units that may be promised in all regions, and units that are to be kept back at all locations together. */
export function levelUnits({ quotas, stocks, product }: Heard) {
  return {
    available: totalOf(quotas.map((quota) => quota.available)),
    safetyStock: (product?.safetyStock ?? 0) * stocks.length,
  };
}

/** @returns `undefined` for a sku of which nobody ever had a quota: it never was in stock, so it is not out of it. */
export function levelOf(heard: Heard): StockLevelName | undefined {
  if (heard.quotas.length === 0) return undefined;
  const { available, safetyStock } = levelUnits(heard);
  if (available === 0) return 'out';
  return available < safetyStock ? 'low' : 'in';
}

/** What a change of the level means, in the order in which it happened. The first level ever means nothing. */
export function levelEvents(
  before: StockLevelName | undefined,
  after: StockLevelName | undefined,
  safetyStock: number,
): LevelEvent[] {
  if (before === undefined || after === undefined || before === after) return [];
  if (after === 'out') return before === 'in' && safetyStock > 0 ? ['stock.low', 'stock.out'] : ['stock.out'];
  if (before === 'out') return ['stock.back'];
  return after === 'low' ? ['stock.low'] : [];
}
