import * as z from 'zod';
import { notifyWebhooks } from '../../lib/application/notify-webhooks.ts';
import { queueHandler } from '../queue/batch.ts';
import { jsonBody } from '../queue/message-body.ts';
import { dependencies, queue } from './dependencies.ts';

/** An event of the bus, as its rule puts it on the queue. What else its detail has is delivered as it is. */
const readEvent = jsonBody(
  z
    .object({
      'detail-type': z.string().min(1),
      detail: z.looseObject({
        id: z.string().min(1),
        tenantId: z.string().min(1),
        occurredAt: z.iso.datetime(),
        requestId: z.string().min(1).exactOptional(),
      }),
    })
    .transform(({ 'detail-type': detailType, detail }) => ({
      detailType,
      detail,
      occurredAtMs: Date.parse(detail.occurredAt),
    })),
);

/** Fed by the queue of events: makes a delivery for each webhook that wants one. */
export const handler = queueHandler({
  ...queue,
  parse: readEvent,
  fieldsOf: ({ detail: { tenantId, requestId } }) => ({
    tenantId,
    ...(requestId !== undefined && { requestId }),
  }),
  run: (event) => notifyWebhooks(dependencies, event),
});
