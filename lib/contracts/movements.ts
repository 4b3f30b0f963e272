import * as z from 'zod';
import { QUANTITY_MAX } from '../domain/limits.ts';
import { actor, locationId, movementId, sku } from './identifiers.ts';
import { pageOf, pageQuery } from './lists.ts';
import { integer, units, unitsDelta } from './numbers.ts';
import type { OperationContract } from './operation-contract.ts';
import { paragraph, reference } from './text.ts';
import { instant, timestamp } from './times.ts';
import { fieldsOf, withWholeCheck } from './whole-check.ts';

const BOOKABLE_TYPES = ['receipt', 'return', 'write_off', 'adjustment', 'count'] as const;
type BookableType = (typeof BOOKABLE_TYPES)[number];

const reason = paragraph.meta({ description: 'Why, for people.', example: 'water damage' });

/** What `quantity` may be: a direction is in the type, but for an adjustment, which has its own sign. */
const QUANTITY_RULES: Record<
  BookableType,
  { readonly accepts: (units: number) => boolean; readonly error: string }
> = {
  receipt: { accepts: (units) => units >= 1, error: `must be an integer from 1 to ${QUANTITY_MAX}` },
  return: { accepts: (units) => units >= 1, error: `must be an integer from 1 to ${QUANTITY_MAX}` },
  write_off: { accepts: (units) => units >= 1, error: `must be an integer from 1 to ${QUANTITY_MAX}` },
  adjustment: {
    accepts: (units) => units !== 0,
    error: `must be an integer from -${QUANTITY_MAX} to ${QUANTITY_MAX}, not 0`,
  },
  count: { accepts: (units) => units >= 0, error: `must be an integer from 0 to ${QUANTITY_MAX}` },
};

const isBookableType = (type: unknown): type is BookableType =>
  BOOKABLE_TYPES.some((candidate) => candidate === type);

const movementBody = withWholeCheck(
  z.strictObject({
    type: z.enum(BOOKABLE_TYPES, { error: `must be one of ${BOOKABLE_TYPES.join(', ')}` }).meta({
      description: '`count`: the units that were counted; the difference to what was on hand is booked.',
      example: 'receipt',
    }),
    sku,
    locationId,
    quantity: integer(-QUANTITY_MAX, QUANTITY_MAX).meta({
      description: 'Units. Negative in an `adjustment` only, which is never 0; 0 in a `count` only.',
      example: 100,
    }),
    reason: reason.optional(),
    reference: reference.optional(),
  }),
  (value, report) => {
    const { type, quantity } = fieldsOf(value);
    // Without a type that exists, or without a number, the fields have failed by themselves.
    if (!isBookableType(type) || typeof quantity !== 'number') return;
    if (!QUANTITY_RULES[type].accepts(quantity)) report(['quantity'], QUANTITY_RULES[type].error);
  },
).meta({
  id: 'MovementInput',
  description: 'A change of the units on hand.',
  // The same rules as above, in the words of JSON Schema.
  oneOf: [
    {
      required: ['type'],
      properties: { type: { enum: ['receipt', 'return', 'write_off'] }, quantity: { minimum: 1 } },
    },
    { required: ['type'], properties: { type: { const: 'adjustment' }, quantity: { not: { const: 0 } } } },
    { required: ['type'], properties: { type: { const: 'count' }, quantity: { minimum: 0 } } },
  ],
});

export const movement = z
  .strictObject({
    movementId,
    type: z.enum([...BOOKABLE_TYPES, 'shipment']).meta({ example: 'receipt' }),
    sku,
    locationId,
    quantity: unitsDelta.meta({
      description: 'As it was asked for; for a count, the units counted.',
      example: 100,
    }),
    delta: unitsDelta,
    onHandAfter: units,
    occurredAt: timestamp,
    actor,
    reason: reason.optional(),
    reference: reference.optional(),
  })
  .meta({
    id: 'Movement',
    description: 'An entry of the ledger. It never changes; the deltas add up to `onHand`.',
  });

export const recordMovementContract = {
  operationId: 'recordMovement',
  summary: 'Book a change of the units on hand',
  description:
    'A `count` is always accepted: it is a fact. If it finds fewer units than are promised, the missing ones are `shortage`.',
  tag: 'Stock',
  caller: 'tenant',
  idempotent: true,
  body: movementBody,
  answers: { 201: movement },
  problems: ['unknown_sku', 'unknown_location', 'insufficient_stock', 'contended'],
  unsupportedFields: {
    lot: { schema: z.unknown() },
    expiresOn: { schema: z.unknown() },
    unitCost: { schema: z.unknown() },
  },
} as const satisfies OperationContract;

export const listMovementsContract = {
  operationId: 'listMovements',
  summary: 'List the ledger, newest first',
  description: 'At least one of `sku` and `locationId` is required.',
  tag: 'Stock',
  caller: 'tenant',
  query: withWholeCheck(
    z.strictObject({
      sku: sku.optional(),
      locationId: locationId.optional(),
      type: z
        .enum([...BOOKABLE_TYPES, 'shipment'])
        .optional()
        .meta({ description: 'Only entries of this type.' }),
      from: instant.optional().meta({ description: 'Not before this time.' }),
      to: instant.optional().meta({ description: 'Not after this time.' }),
      ...pageQuery,
    }),
    (value, report) => {
      if ('sku' in fieldsOf(value) || 'locationId' in fieldsOf(value)) return;
      for (const path of ['sku', 'locationId']) report([path], 'one of sku and locationId is required');
    },
  ),
  answers: { 200: pageOf('MovementPage', movement) },
  problems: ['invalid_cursor'],
} as const satisfies OperationContract;
