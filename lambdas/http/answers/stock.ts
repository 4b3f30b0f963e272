/** Stock as the API shows it. */
import type { Availability, SkuStock } from '../../../lib/application/read-stock.ts';
import type { LocationStock } from '../../../lib/domain/stock-view.ts';
import { contentTag } from '../entity-tags.ts';
import { isoTime } from './time.ts';

const total = (
  locations: readonly LocationStock[],
  counter: Exclude<keyof LocationStock, 'locationId' | 'region'>,
) => locations.reduce((sum, location) => sum + location[counter], 0);

export function answerStock(stock: SkuStock, consistency: 'eventual' | 'strong') {
  const { sku, locations, regions, asOfMs } = stock;
  return {
    sku,
    onHand: total(locations, 'onHand'),
    available: total(locations, 'available'),
    held: total(locations, 'held'),
    committed: total(locations, 'committed'),
    incoming: 0,
    backordered: 0,
    shortage: total(locations, 'shortage'),
    safetyStock: total(locations, 'keptBack'),
    asOf: isoTime(asOfMs),
    consistency,
    locations: locations.map(({ keptBack: _, ...location }) => ({ ...location, incoming: 0 })),
    regions,
  };
}

/** A page that shows stock asks again and again: a second is what the answer is old anyway. */
const KEPT_FOR = 'private, max-age=1';

/**
 * The headers of an answer about stock. One that was read from the sources is never kept: the chain says so of all
 * answers that say nothing else.
 */
export function stockHeaders({ asOf: _, ...content }: ReturnType<typeof answerStock>) {
  if (content.consistency === 'strong') return {};
  return { headers: { ETag: contentTag(content), 'Cache-Control': KEPT_FOR } };
}

/** The availability of one sku of a batch. */
export const answerAvailability = (item: Availability) =>
  'error' in item
    ? item
    : { sku: item.sku, available: item.available, onHand: item.onHand, asOf: isoTime(item.asOfMs) };
