import * as z from 'zod';
import { locationId, sku } from '../identifiers.ts';
import { movement } from '../movements.ts';
import { units } from '../numbers.ts';
import type { EventContract } from './event-contract.ts';
import { stockDriftData } from './stock-drift.ts';

const OF_PLACE = {
  subject: 'The sku and the location, as `<sku>/<locationId>`.',
  sequence: 'Twice the version of the stock; one more for `stock.short`.',
  isSent: true,
} as const;

const OF_SKU = {
  subject: 'The sku.',
  sequence: 'Rises with what the home region of the tenant hears of the sku.',
  isSent: true,
} as const;

const level = z
  .strictObject({
    sku,
    available: units.meta({ description: 'Units that may be promised, in all regions together.' }),
    safetyStock: units.meta({
      description: 'Units kept back from sale, at all locations together.',
      example: 5,
    }),
  })
  .meta({ id: 'StockLevelData', description: 'How much of a product may be promised.' });

const short = z
  .strictObject({
    sku,
    locationId,
    shortage: units.meta({ description: 'Units promised that are not there, all of them.', example: 3 }),
  })
  .meta({ id: 'StockShortData', description: 'Units that were promised and not found.' });

/** What happens to stock. */
export const STOCK_EVENTS = {
  'stock.received': {
    summary: 'Units were booked in, by a receipt or a return.',
    ...OF_PLACE,
    data: movement,
  },
  'stock.adjusted': {
    summary: 'A write-off, an adjustment or a count was booked.',
    ...OF_PLACE,
    data: movement,
  },
  'stock.low': {
    summary: 'Less may be promised than is kept back: time to buy.',
    ...OF_SKU,
    data: level,
  },
  'stock.out': { summary: 'Nothing may be promised any more.', ...OF_SKU, data: level },
  'stock.back': { summary: 'Something may be promised again.', ...OF_SKU, data: level },
  'stock.short': {
    summary: 'A count found less than is promised, and the shortage of a location rose.',
    ...OF_PLACE,
    data: short,
  },
  'stock.drift': {
    summary: 'The books of a product do not agree: two audits in a row found the same. For operators.',
    subject: 'The sku and the audit, as `<sku>/~audit/<region>`.',
    sequence: 'When it was found, in milliseconds.',
    isSent: true,
    data: stockDriftData,
  },
} as const satisfies Record<string, EventContract>;
