import { createDeliveryQueue } from '../../lib/adapters/sqs/delivery-queue.ts';
import { readVariable } from '../../lib/config/environment.ts';
import { createOutlets, unsentMessages } from '../events/dependencies.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import { createLogger } from '../observability/logger.ts';
import { createSweepMetrics } from '../observability/metrics.ts';
import { createDependencies } from '../runtime/dependencies.ts';

export const logger = createLogger('sweep');
export const metrics = createSweepMetrics('sweep');

const own = createDependencies();

export const dependencies = {
  ...own,
  outlets: createOutlets(own.region, logger),
  messages: unsentMessages,
  deliveryQueue: createDeliveryQueue({
    region: own.region,
    queueUrl: readVariable('deliveriesQueueUrl'),
    report: (error) => logger.error(LOG_MESSAGES.queueUnavailable, {}, error),
  }),
};
