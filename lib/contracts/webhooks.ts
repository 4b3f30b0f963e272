import * as z from 'zod';
import { EVENT_TYPES } from '../domain/event-types.ts';
import { webhookId } from './identifiers.ts';
import { DETAIL_TYPES_MAX, SECRET_MAX, SECRET_MIN, URL_MAX } from './limits.ts';
import { pageOf, pageQuery } from './lists.ts';
import { version } from './numbers.ts';
import type { OperationContract } from './operation-contract.ts';
import { timestamp } from './times.ts';
import { withWholeCheck } from './whole-check.ts';

const URL_ERROR = `must be an absolute URL of at most ${URL_MAX} characters`;
const SECRET_ERROR = `must be ${SECRET_MIN} to ${SECRET_MAX} visible ASCII characters`;

// What host and scheme it may have depends on where the service runs, so the use case judges that.
const url = z
  .string({ error: URL_ERROR })
  .refine((text) => text.length <= URL_MAX && URL.canParse(text), { error: URL_ERROR })
  .meta({
    description:
      'Where events are posted: https to a public host, without credentials and without a fragment. In the embedded stack: http or https to this machine.',
    example: 'https://erp.example.com/holdfast',
    maxLength: URL_MAX,
    format: 'uri',
  });

const detailTypes = withWholeCheck(
  z
    .array(z.enum(EVENT_TYPES, { error: `must be one of ${EVENT_TYPES.join(', ')}` }), {
      error: 'must be a list of types of events',
    })
    .max(DETAIL_TYPES_MAX, { error: `must name at most ${DETAIL_TYPES_MAX} types` }),
  (value, report) => {
    if (!Array.isArray(value)) return;
    for (const [index, type] of value.entries()) {
      if (value.indexOf(type) < index) report([index], 'is named twice');
    }
  },
).meta({
  description: 'Types of events to hear of; all when none is named.',
  example: ['stock.out', 'order.accepted'],
  uniqueItems: true,
});

const secret = z
  .string({ error: SECRET_ERROR })
  .regex(new RegExp(`^[\\x21-\\x7E]{${SECRET_MIN},${SECRET_MAX}}$`), { error: SECRET_ERROR });

const webhookBody = z
  .strictObject({
    url,
    detailTypes: detailTypes.default([]),
    secret: secret.optional().meta({
      description:
        'Signs deliveries. Another one than before rotates it: both sign for 24 hours. Without one, the webhook keeps its secret, and a new webhook gets one that is made for it.',
      example: 'whsec_0123456789abcdef',
    }),
  })
  .meta({ id: 'WebhookInput', description: 'A webhook as it shall be.' });

const webhookFields = {
  webhookId,
  url: z
    .string()
    .meta({ description: 'Where events are posted.', example: 'https://erp.example.com/holdfast' }),
  detailTypes: z.array(z.string()).meta({ description: 'Types of events it hears of; empty: all.' }),
  version,
  createdAt: timestamp,
  updatedAt: timestamp,
};

const webhook = z.strictObject(webhookFields).meta({
  id: 'Webhook',
  description: 'Where a tenant wants events delivered. Its secret is never shown again.',
});

const newWebhook = z
  .strictObject({
    ...webhookFields,
    secret: z.string().optional().meta({ description: 'Only if it was made now: it is shown this once.' }),
  })
  .meta({
    id: 'NewWebhook',
    description: 'A webhook that was created, with the secret that was made for it.',
  });

const params = z.strictObject({ webhookId });

export const putWebhookContract = {
  operationId: 'putWebhook',
  summary: 'Create or replace a webhook',
  description: 'A tenant has at most 20.',
  tag: 'Webhooks',
  caller: 'tenant',
  versioned: true,
  params,
  body: webhookBody,
  answers: { 200: webhook, 201: newWebhook },
  problems: ['version_mismatch', 'webhook_limit', 'contended'],
} as const satisfies OperationContract;

export const getWebhookContract = {
  operationId: 'getWebhook',
  summary: 'Read a webhook',
  tag: 'Webhooks',
  caller: 'tenant',
  versioned: true,
  params,
  answers: { 200: webhook, 304: null },
  problems: ['not_found', 'version_mismatch'],
} as const satisfies OperationContract;

export const deleteWebhookContract = {
  operationId: 'deleteWebhook',
  summary: 'Delete a webhook',
  description: 'What is still to be delivered to it is parked.',
  tag: 'Webhooks',
  caller: 'tenant',
  versioned: true,
  params,
  answers: { 204: null },
  problems: ['version_mismatch', 'not_found', 'contended'],
} as const satisfies OperationContract;

export const listWebhooksContract = {
  operationId: 'listWebhooks',
  summary: 'List webhooks by id',
  tag: 'Webhooks',
  caller: 'tenant',
  query: z.strictObject(pageQuery),
  answers: { 200: pageOf('WebhookPage', webhook) },
  problems: ['invalid_cursor'],
} as const satisfies OperationContract;
