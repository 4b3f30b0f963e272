import { createDeliveryQueue } from '../../lib/adapters/sqs/delivery-queue.ts';
import { createWebhookDirectory } from '../../lib/application/webhook-directory.ts';
import { readVariable } from '../../lib/config/environment.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import { createQueueDependencies } from '../queue/dependencies.ts';
import { createDependencies } from '../runtime/dependencies.ts';

const own = createDependencies();
export const queue = createQueueDependencies('notify', own);

export const dependencies = {
  ...own,
  webhooks: createWebhookDirectory(own.store, own.clock),
  deliveryQueue: createDeliveryQueue({
    region: own.region,
    queueUrl: readVariable('deliveriesQueueUrl'),
    report: (error) => queue.logger.error(LOG_MESSAGES.queueUnavailable, {}, error),
  }),
};
