import { createWebhookDirectory } from '../../lib/application/webhook-directory.ts';
import { createDeliveryQueue, createQueueDependencies } from '../queue/dependencies.ts';
import { createDependencies } from '../runtime/dependencies.ts';

const own = createDependencies();
export const queue = createQueueDependencies('notify', own);

export const dependencies = {
  ...own,
  webhooks: createWebhookDirectory(own.store, own.clock),
  deliveryQueue: createDeliveryQueue(own.region, queue.logger),
};
