import * as z from 'zod';
import { parseReservationId } from '../../lib/domain/identifiers.ts';
import { REQUEST_ID } from '../http/opening.ts';
import { jsonBody } from '../queue/message-body.ts';

/** Reads which reservation a message of the order queue means. Whether there is one, the use case finds out. */
export const readOrderMessage = jsonBody(
  z.object({
    tenantId: z.string().min(1),
    reservationId: z.string().min(1),
    version: z.int().min(1),
    requestId: z.string().regex(REQUEST_ID).exactOptional(),
  }),
);

type OrderMessage = ReturnType<typeof readOrderMessage>;

/** What logs may say of a message: ids, and of what is no id not even that it was there. */
export const loggedFields = ({ tenantId, reservationId, requestId }: OrderMessage) => ({
  tenantId,
  ...(parseReservationId(reservationId) !== undefined && { reservationId }),
  ...(requestId !== undefined && { requestId }),
});
