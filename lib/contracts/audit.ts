import * as z from 'zod';
import { sku } from './identifiers.ts';
import type { OperationContract } from './operation-contract.ts';

/** A number of units as it was found. An audit that meets a negative one must be able to say so. */
const found = z.int().meta({ description: 'Units.', example: 10 });

const audit = z
  .strictObject({
    sku,
    ok: z.boolean().meta({ description: '`true` when no rule is violated.', example: true }),
    stable: z
      .boolean()
      .meta({ description: '`true` when two passes agreed: nothing changed under them.', example: true }),
    onHand: found,
    shortage: found,
    keptBack: found,
    available: found,
    promised: found.meta({ description: 'Units that the quotas say they have promised.' }),
    held: found,
    committed: found,
    inTransit: found.meta({ description: 'Units on their way between two quotas.', example: 0 }),
    unbookedShipments: found.meta({
      description: 'Units shipped that the ledger does not have yet.',
      example: 0,
    }),
    ledgerSum: found.meta({
      description: 'Sum of the deltas of the ledger; equals `onHand`.',
      example: 10,
    }),
    violations: z
      .array(z.string())
      .meta({ description: 'Each rule that does not hold, with its numbers.', example: [] }),
  })
  .meta({ id: 'Audit', description: 'The conservation check of one product over all its locations.' });

export const auditStockContract = {
  operationId: 'auditStock',
  summary: 'Check that no unit of a product was lost or made up',
  description: 'Reads the sources until two passes agree. A region out of reach: 503.',
  tag: 'Stock',
  caller: 'tenant',
  query: z.strictObject({ sku }),
  answers: { 200: audit },
  problems: ['not_found'],
} as const satisfies OperationContract;
