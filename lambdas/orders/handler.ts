import { acceptOrder } from '../../lib/application/accept-order.ts';
import { queueHandler } from '../queue/batch.ts';
import { dependencies, queue } from './dependencies.ts';
import { readOrderMessage } from './order-message.ts';

/** Fed by the queue of orders: judges confirmations that were queued, and records what became of each. */
export const handler = queueHandler({
  ...queue,
  parse: readOrderMessage,
  run: async (message) => {
    await acceptOrder(dependencies, message);
  },
});
