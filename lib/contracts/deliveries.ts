import * as z from 'zod';
import { deliveryId, webhookId } from './identifiers.ts';
import { pageOf, pageQuery } from './lists.ts';
import type { OperationContract } from './operation-contract.ts';
import { timestamp } from './times.ts';

const STATUSES = ['pending', 'delivered', 'parked'] as const;
const REASONS = ['given_up', 'gone', 'webhook_deleted'] as const;

const attempt = z
  .strictObject({
    at: timestamp,
    statusCode: z.int().optional().meta({ description: 'What the receiver answered.', example: 503 }),
    error: z.string().optional().meta({ description: 'Why no answer came, as a code.', example: 'TIMEOUT' }),
  })
  .meta({ id: 'DeliveryAttempt', description: 'One attempt to deliver.' });

const delivery = z
  .strictObject({
    deliveryId,
    detailType: z.string().meta({ description: 'Type of the event.', example: 'stock.out' }),
    eventId: z.string().meta({ description: 'The event: the same on every delivery.' }),
    status: z.enum(STATUSES).meta({ description: '`parked`: not tried any more; it can be replayed.' }),
    parkedReason: z.enum(REASONS).optional().meta({
      description:
        '`given_up`: it failed for 24 hours. `gone`: the receiver answered 410. `webhook_deleted`: there was no webhook.',
    }),
    attempts: z.array(attempt).meta({ description: 'The latest 20, the first one first.' }),
    createdAt: timestamp.meta({ description: 'When the event happened.' }),
    nextAttemptAt: timestamp.optional().meta({ description: 'Not tried before; only while it is pending.' }),
  })
  .meta({ id: 'Delivery', description: 'One event on its way to one webhook.' });

const params = z.strictObject({ webhookId });

export const listDeliveriesContract = {
  operationId: 'listDeliveries',
  summary: 'List deliveries of a webhook, newest first',
  description: 'Delivered ones are kept for 7 days, parked ones for 30.',
  tag: 'Webhooks',
  caller: 'tenant',
  params,
  query: z.strictObject({
    status: z
      .enum(STATUSES, { error: `must be one of ${STATUSES.join(', ')}` })
      .optional()
      .meta({ description: 'Only deliveries in this state; all unless asked.' }),
    ...pageQuery,
  }),
  answers: { 200: pageOf('DeliveryPage', delivery) },
  problems: ['invalid_cursor', 'not_found'],
} as const satisfies OperationContract;

export const replayDeliveryContract = {
  operationId: 'replayDelivery',
  summary: 'Deliver once more',
  description:
    'The same event, with the same ids, to where the webhook points now. One that is pending stays as it is.',
  tag: 'Webhooks',
  caller: 'tenant',
  params: z.strictObject({ webhookId, deliveryId }),
  body: z.strictObject({}),
  answers: { 202: delivery },
  problems: ['not_found'],
} as const satisfies OperationContract;

export const pingWebhookContract = {
  operationId: 'pingWebhook',
  summary: 'Try a webhook',
  description: 'Delivers an event of the type `webhook.ping`, whatever types the webhook names.',
  tag: 'Webhooks',
  caller: 'tenant',
  params,
  body: z.strictObject({}),
  answers: { 202: delivery },
  problems: ['not_found'],
} as const satisfies OperationContract;
