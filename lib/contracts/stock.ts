import * as z from 'zod';
import { locationId, region, sku } from './identifiers.ts';
import { BATCH_SKUS_MAX } from './limits.ts';
import { units } from './numbers.ts';
import type { OperationContract } from './operation-contract.ts';
import { timestamp } from './times.ts';

const onHand = units.meta({ description: 'Units that are physically there.' });
const available = units.meta({ description: 'Units that may be promised now.' });

/** The counters that a product has as a whole and at each location. */
const counters = {
  onHand,
  available,
  held: units.meta({ description: 'Units in open holds.' }),
  committed: units.meta({ description: 'Units confirmed and not yet shipped.' }),
  incoming: units.meta({ description: 'Units on their way to the location.', example: 0 }),
  shortage: units.meta({ description: 'Units promised that a count did not find.', example: 0 }),
};

const consistency = z.enum(['eventual', 'strong']).meta({
  description:
    '`eventual`: one read, a few seconds old at most. `strong`: reads the sources in every region.',
  example: 'eventual',
});

const locationStock = z
  .strictObject({ locationId, region, ...counters })
  .meta({ id: 'LocationStock', description: 'Stock at one location.' });

const stock = z
  .strictObject({
    sku,
    ...counters,
    backordered: units.meta({ description: 'Units promised before they arrived.', example: 0 }),
    safetyStock: units.meta({ description: 'Units kept back from sale.', example: 0 }),
    asOf: timestamp.meta({ description: 'The answer is at least as new as this.' }),
    consistency,
    locations: z.array(locationStock),
    regions: z.array(z.strictObject({ region, available })),
  })
  .meta({
    id: 'Stock',
    description:
      'Stock of a product. At rest `onHand + shortage = available + held + committed + safetyStock`, as long as stock covers it.',
  });

export const getStockContract = {
  operationId: 'getStock',
  summary: 'Read the stock of a product',
  description:
    'A product without stock has zeros and no locations. An eventual answer may be kept for a second, and asked for ' +
    'again with its `ETag`: 304 while nothing but `asOf` would be new. A strong one is never kept.',
  tag: 'Stock',
  caller: 'tenant',
  cacheable: true,
  params: z.strictObject({ sku }),
  query: z.strictObject({ consistency: consistency.default('eventual') }),
  answers: { 200: stock, 304: null },
  problems: ['not_found', 'version_mismatch'],
} as const satisfies OperationContract;

const batchItem = z
  .union([
    z.strictObject({ sku, available, onHand, asOf: timestamp }),
    z.strictObject({ sku, error: z.literal('not_found') }),
  ])
  .meta({ id: 'BatchStockItem', description: 'Stock of one product, or that there is no such product.' });

export const batchGetStockContract = {
  operationId: 'batchGetStock',
  summary: 'Read the availability of many products',
  description: 'Answers in the order of the request, duplicates as asked.',
  tag: 'Stock',
  caller: 'tenant',
  body: z
    .strictObject({
      skus: z
        .array(sku, { error: 'must be a list of skus' })
        .min(1, { error: 'must name at least one sku' })
        .max(BATCH_SKUS_MAX, { error: `must name at most ${BATCH_SKUS_MAX} skus` }),
    })
    .meta({ id: 'BatchStockInput', description: 'The products to read.' }),
  answers: {
    200: z
      .strictObject({ items: z.array(batchItem) })
      .meta({ id: 'BatchStock', description: 'Stock of many products.' }),
  },
  problems: [],
} as const satisfies OperationContract;
