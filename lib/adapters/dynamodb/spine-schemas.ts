/** The schemas of what happens after a commit: orders, webhooks, and what could not be handed over. */
import * as z from 'zod';
import type { EntityRecords } from '../../domain/entities.ts';
import type { Order } from '../../domain/order.ts';
import { count, id, loose, time, version } from './schema-parts.ts';

export const order = loose<EntityRecords['order']>()({
  tenantId: id,
  orderId: id,
  region: id,
  keyHash: id,
  reservationId: id,
  status: z.enum(['accepted', 'failed']),
  failure: z
    .looseObject({ code: id as z.ZodType<NonNullable<Order['failure']>['code']>, detail: z.string() })
    .exactOptional(),
  decidedAtMs: time,
  recordedAtMs: time,
  version,
});

export const unsent = loose<EntityRecords['unsent']>()({
  region: id,
  channel: z.enum(['events', 'orders', 'log']),
  id,
  message: z.string(),
  attempts: count,
  createdAtMs: time,
  dueAtMs: time,
});

export const webhook = loose<EntityRecords['webhook']>()({
  tenantId: id,
  webhookId: id,
  url: z.string(),
  detailTypes: z.array(id),
  secret: id,
  formerSecret: id.exactOptional(),
  formerSecretUntilMs: time.exactOptional(),
  version,
  createdAtMs: time,
  updatedAtMs: time,
});

export const delivery = loose<EntityRecords['delivery']>()({
  tenantId: id,
  webhookId: id,
  deliveryId: id,
  region: id,
  detailType: id,
  eventId: id,
  body: z.string(),
  status: z.enum(['pending', 'delivered', 'parked']),
  parkedReason: z.enum(['given_up', 'gone', 'webhook_deleted']).exactOptional(),
  attempts: z.array(
    z.looseObject({ atMs: time, statusCode: z.int().exactOptional(), error: z.string().exactOptional() }),
  ),
  tries: count,
  createdAtMs: time,
  startedAtMs: time,
  nextAttemptAtMs: time.exactOptional(),
  dueAtMs: time,
  version,
});
