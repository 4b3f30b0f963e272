import * as z from 'zod';
import { sku } from '../identifiers.ts';

const figure = z.int();

const discrepancy = z
  .strictObject({
    locationId: z.string().meta({ description: 'Where; empty when it is about the product as a whole.' }),
    rule: z
      .enum(['units', 'promises', 'ledger', 'shortage', 'negative', 'missing_product', 'read_model'])
      .meta({
        description:
          '`units`: they are not where they should be. `promises`: the quotas say other than the open reservations. `ledger`: on-hand is not its sum. `shortage`: units are for sale beside one. `negative`: a count is below zero. `missing_product`: there is stock of it all the same. `read_model`: it says other than the records.',
      }),
    figure: z.string().meta({ description: 'Which figure.', example: 'onHand' }),
    found: figure.meta({ description: 'What it says.', example: 9 }),
    expected: figure.meta({ description: 'What the other records say.', example: 10 }),
    sentence: z.string().meta({ example: "north: onHand 9 is not the ledger's sum 10" }),
  })
  .meta({ id: 'StockDiscrepancy', description: 'A rule of the books that does not hold.' });

/** What `stock.drift` carries. */
export const stockDriftData = z
  .strictObject({
    sku,
    violations: z.array(z.string()).meta({
      description: 'Each rule that does not hold, as a sentence with its numbers.',
      example: ["north: onHand 9 is not the ledger's sum 10"],
    }),
    discrepancies: z.array(discrepancy),
  })
  .meta({
    id: 'StockDriftData',
    description:
      'For operators: two audits in a row found that the books of a product do not agree. It is found again with every walk of the audit until it is mended.',
  });
