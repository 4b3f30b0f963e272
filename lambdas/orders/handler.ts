import { acceptOrder } from '../../lib/application/accept-order.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import { queueHandler } from '../queue/batch.ts';
import { dependencies, queue } from './dependencies.ts';
import { loggedFields, readOrderMessage } from './order-message.ts';

/** Fed by the queue of orders: judges confirmations that were queued, and records what became of each. */
export const handler = queueHandler({
  ...queue,
  parse: readOrderMessage,
  fieldsOf: loggedFields,
  // One line for each order: with those of its requests, a search for its reservation or its request finds all of it.
  done: LOG_MESSAGES.orderProcessed,
  run: async (message) => {
    await acceptOrder(dependencies, message);
  },
});
