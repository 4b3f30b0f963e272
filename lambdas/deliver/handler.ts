import * as z from 'zod';
import { attemptDelivery } from '../../lib/application/attempt-delivery.ts';
import { webhookQueueHandler } from '../queue/webhook-batch.ts';
import { dependencies, logger } from './dependencies.ts';

const id = z.string().min(1);

/** Fed by the queue of deliveries: posts what is due to its receiver. */
export const handler = webhookQueueHandler({
  logger,
  schema: z.object({ id, tenantId: id, webhookId: id }),
  handle: (message) => attemptDelivery(dependencies, message),
});
