import * as z from 'zod';
import { TTL_SECONDS_DEFAULT } from '../domain/limits.ts';
import type { OperationContract } from './operation-contract.ts';
import { lines, reservation, ttlSeconds } from './reservation.ts';
import { reference, stringMap } from './text.ts';

const reserveBody = z
  .strictObject({
    lines,
    ttlSeconds: ttlSeconds.default(TTL_SECONDS_DEFAULT),
    allowPartial: z.boolean({ error: 'must be true or false' }).default(false).meta({
      description: 'Take what is there, at least one unit, instead of all or nothing.',
      example: false,
    }),
    reference: reference.optional(),
    metadata: stringMap.default({}),
  })
  .meta({ id: 'ReserveInput', description: 'What to hold, and for how long.' });

export const reserveStockContract = {
  operationId: 'reserveStock',
  summary: 'Hold units for a shopper',
  description:
    'All lines or none, unless `allowPartial`. Without a location: one location that can serve all such lines, else line by line; lower priority number first. A refusal takes nothing.',
  tag: 'Reservations',
  caller: 'tenant',
  idempotent: true,
  body: reserveBody,
  answers: { 201: reservation },
  problems: ['unknown_sku', 'unknown_location', 'insufficient_stock', 'too_many_allocations', 'contended'],
  unsupportedFields: {
    allowBackorder: { schema: z.boolean({ error: 'must be true or false' }), declines: false },
  },
} as const satisfies OperationContract;
