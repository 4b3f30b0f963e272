import * as z from 'zod';

/** A message of the order queue: which reservation to look at. Whether there is one, the use case finds out. */
export const orderMessage = z.object({
  tenantId: z.string().min(1),
  reservationId: z.string().min(1),
  version: z.int().min(1),
});
