import { createDeliveryQueue } from '../../lib/adapters/sqs/delivery-queue.ts';
import { readVariable } from '../../lib/config/environment.ts';
import { createLogger } from '../observability/logger.ts';
import { createDependencies } from '../runtime/dependencies.ts';

const own = createDependencies();

export const dependencies = {
  ...own,
  deliveryQueue: createDeliveryQueue({ region: own.region, queueUrl: readVariable('deliveriesQueueUrl') }),
};
export const logger = createLogger('sweep');
