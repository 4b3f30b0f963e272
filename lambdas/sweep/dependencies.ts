import { createOutlets, unsentMessages } from '../events/dependencies.ts';
import { loggedReader } from '../events/logged-reader.ts';
import { createSweepMetrics } from '../observability/background-metrics.ts';
import { createLogger } from '../observability/logger.ts';
import { createDeliveryQueue } from '../queue/dependencies.ts';
import { createDependencies } from '../runtime/dependencies.ts';

export const logger = createLogger('sweep');
export const metrics = createSweepMetrics('sweep');

const own = createDependencies();

export const dependencies = {
  ...own,
  outlets: createOutlets(own.region, logger),
  messages: loggedReader(unsentMessages, logger),
  deliveryQueue: createDeliveryQueue(own.region, logger),
};
