import { createOutlets, unsentMessages } from '../events/dependencies.ts';
import { createLogger } from '../observability/logger.ts';
import { createSweepMetrics } from '../observability/metrics.ts';
import { createDependencies } from '../runtime/dependencies.ts';

export const logger = createLogger('sweep');
export const metrics = createSweepMetrics('sweep');

const useCases = createDependencies();
export const dependencies = {
  ...useCases,
  outlets: createOutlets(useCases.region, logger),
  messages: unsentMessages,
};
