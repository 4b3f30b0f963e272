import { createDeliveryQueue } from '../../lib/adapters/sqs/delivery-queue.ts';
import { createWebhookDirectory } from '../../lib/application/webhook-directory.ts';
import { readVariable } from '../../lib/config/environment.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import { createLogger } from '../observability/logger.ts';
import { createDependencies } from '../runtime/dependencies.ts';

export const logger = createLogger('notify');

const own = createDependencies();

export const dependencies = {
  ...own,
  webhooks: createWebhookDirectory(own.store, own.clock),
  deliveryQueue: createDeliveryQueue({
    region: own.region,
    queueUrl: readVariable('deliveriesQueueUrl'),
    report: (error) => logger.error(LOG_MESSAGES.queueUnavailable, {}, error),
  }),
};
