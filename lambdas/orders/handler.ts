import { acceptOrder } from '../../lib/application/accept-order.ts';
import { queueHandler } from '../queue/batch.ts';
import { jsonBody } from '../queue/message-body.ts';
import { dependencies, queue } from './dependencies.ts';
import { orderMessage } from './order-message.ts';

/** Fed by the queue of orders: judges confirmations that were queued, and records what became of each. */
export const handler = queueHandler({
  ...queue,
  parse: jsonBody(orderMessage),
  run: async (message) => {
    await acceptOrder(dependencies, message);
  },
});
