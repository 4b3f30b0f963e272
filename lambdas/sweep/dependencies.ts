import { createDeliveryQueue } from '../../lib/adapters/sqs/delivery-queue.ts';
import { readVariable } from '../../lib/config/environment.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import { createLogger } from '../observability/logger.ts';
import { createDependencies } from '../runtime/dependencies.ts';

export const logger = createLogger('sweep');

const own = createDependencies();

export const dependencies = {
  ...own,
  deliveryQueue: createDeliveryQueue({
    region: own.region,
    queueUrl: readVariable('deliveriesQueueUrl'),
    report: (error) => logger.error(LOG_MESSAGES.queueUnavailable, {}, error),
  }),
};
