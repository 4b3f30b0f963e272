/** Stock as the API shows it. */
import type { Availability, SkuStock } from '../../../lib/application/read-stock.ts';
import type { LocationStock } from '../../../lib/domain/stock-view.ts';
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

/** The availability of one sku of a batch. */
export const answerAvailability = (item: Availability) =>
  'error' in item
    ? item
    : { sku: item.sku, available: item.available, onHand: item.onHand, asOf: isoTime(item.asOfMs) };
