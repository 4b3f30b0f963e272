import * as z from 'zod';
import { jsonBody } from '../queue/message-body.ts';

/** Reads which reservation a message of the order queue means. Whether there is one, the use case finds out. */
export const readOrderMessage = jsonBody(
  z.object({
    tenantId: z.string().min(1),
    reservationId: z.string().min(1),
    version: z.int().min(1),
    requestId: z.string().min(1).exactOptional(),
  }),
);
