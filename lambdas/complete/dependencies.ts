import { readParkedChanges, readStreamEvent } from '../../lib/adapters/dynamodb/stream-changes.ts';
import { createDemandFollower } from '../../lib/application/follow-demand.ts';
import { recentDemand } from '../../lib/application/rebalance-sku.ts';
import { limitsOf } from '../../lib/config/tiers.ts';
import { createOutlets, createParking } from '../events/dependencies.ts';
import { createLogger } from '../observability/logger.ts';
import { createChangeMetrics } from '../observability/metrics.ts';
import { createDependencies, openHoldBook, openReadModel } from '../runtime/dependencies.ts';

export const logger = createLogger('complete');
export const metrics = createChangeMetrics('complete');

const useCases = createDependencies(openReadModel());
export const dependencies = {
  ...useCases,
  outlets: createOutlets(useCases.region, logger),
  parking: createParking(useCases.region, logger),
  holdCounting: { book: openHoldBook(), capsOf: limitsOf },
};
export const followDemand = createDemandFollower({ ...dependencies, forecast: recentDemand });
export { readParkedChanges, readStreamEvent };
