import * as z from 'zod';
import { attemptDelivery } from '../../lib/application/attempt-delivery.ts';
import { QUEUES } from '../../lib/config/queues.ts';
import { queueHandler } from '../queue/batch.ts';
import { jsonBody } from '../queue/message-body.ts';
import { dependencies, queue } from './dependencies.ts';

const id = z.string().min(1);

const readMessage = jsonBody(z.object({ id, tenantId: id, webhookId: id }));

/** Fed by the queue of deliveries: posts what is due to its receiver. */
export const handler = queueHandler({
  ...queue,
  // All of a batch: a slow receiver must hold up no other.
  sideBySide: QUEUES.deliveries.batchSize,
  parse: readMessage,
  fieldsOf: ({ tenantId }) => ({ tenantId }),
  run: (message) => attemptDelivery(dependencies, message),
});
