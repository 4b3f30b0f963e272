import * as z from 'zod';
import { RECORD_SCHEMAS } from '../../adapters/dynamodb/record-schemas.ts';
import type { LogEntry } from '../../application/spine-ports.ts';

const id = z.string().min(1);
const base = { id, tenantId: id, region: id, atMs: z.int().nonnegative() };

/** A line of the log. Fields that this version does not know, because a newer one wrote them, are no fault. */
export const logEntry: z.ZodType<LogEntry> = z.discriminatedUnion('kind', [
  z.looseObject({ ...base, kind: z.literal('movement'), movement: RECORD_SCHEMAS.movement }),
  z.looseObject({
    ...base,
    kind: z.literal('reservation'),
    reservationId: id,
    version: z.int().positive(),
    reservation: RECORD_SCHEMAS.reservation,
  }),
]);
