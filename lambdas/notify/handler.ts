import * as z from 'zod';
import { notifyWebhooks } from '../../lib/application/notify-webhooks.ts';
import { webhookQueueHandler } from '../queue/webhook-batch.ts';
import { dependencies, logger } from './dependencies.ts';

/** An event of the bus, as its rule puts it on the queue. What else its detail has is delivered as it is. */
const schema = z
  .object({
    'detail-type': z.string().min(1),
    detail: z.looseObject({
      id: z.string().min(1),
      tenantId: z.string().min(1),
      occurredAt: z.iso.datetime(),
    }),
  })
  .transform(({ 'detail-type': detailType, detail }) => ({
    detailType,
    detail,
    occurredAtMs: Date.parse(detail.occurredAt),
  }));

/** Fed by the queue of events: makes a delivery for each webhook that wants one. */
export const handler = webhookQueueHandler({
  logger,
  schema,
  handle: (event) => notifyWebhooks(dependencies, event),
});
