import * as z from 'zod';
import { OPERATOR_TENANT_ID } from '../../domain/access.ts';
import { region, tenantId } from '../identifiers.ts';
import { timestamp } from '../times.ts';

/** What is promised of a type of event. */
export interface EventContract {
  /** What has happened when it is sent, as a sentence. */
  readonly summary: string;
  /** What its subject names. */
  readonly subject: string;
  /** What its sequence is. */
  readonly sequence: string;
  readonly data: z.ZodType;
  /** `false`: a later release sends it. */
  readonly isSent: boolean;
}

const eventId = z
  .string()
  .regex(/^evt\.[0-9a-f]{32}$/)
  .meta({
    description: 'Names what happened: the same on every delivery.',
    example: 'evt.0123456789abcdef0123456789abcdef',
  });

/** What every event has, whatever its type. */
const envelope = {
  id: eventId,
  tenantId: z.union([tenantId, z.literal(OPERATOR_TENANT_ID)]).meta({
    description: `Whose event it is; \`${OPERATOR_TENANT_ID}\` for what concerns no tenant.`,
    example: 'acme',
  }),
  region: region.meta({ description: 'The region it happened in.' }),
  occurredAt: timestamp.meta({ description: 'When it happened, not when it was sent.' }),
  subject: z.string().min(1).meta({ description: 'What it is about.', example: 'KEYBOARD-01' }),
  sequence: z.int().min(0).meta({
    description: 'Rises with each event of a subject; deliveries may come in another order.',
    example: 2,
  }),
  requestId: z.string().min(1).optional().meta({
    description:
      'The `X-Request-Id` of the request that caused it, of events about reservations; the logs of all functions that went on with it carry it, too.',
    example: 'b7f0c1d2',
  }),
};

/** The detail of an event that carries some data. */
export const detailOf = (data: z.ZodType) => z.strictObject({ ...envelope, data });
