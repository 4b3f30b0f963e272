import { readParkedChanges, readStreamEvent } from '../../lib/adapters/dynamodb/stream-changes.ts';
import { createDemandFollower } from '../../lib/application/follow-demand.ts';
import { recentDemand } from '../../lib/application/rebalance-sku.ts';
import { limitsOf } from '../../lib/config/tiers.ts';
import { createOutlets, createParking } from '../events/dependencies.ts';
import { createChangeMetrics } from '../observability/background-metrics.ts';
import { createLogger } from '../observability/logger.ts';
import { createDependencies, openHoldBook, openReadModel } from '../runtime/dependencies.ts';
import { createSeenSpreads } from './seen-spreads.ts';

export const logger = createLogger('complete');
export const metrics = createChangeMetrics('complete');

const useCases = createDependencies(openReadModel());
export const dependencies = {
  ...useCases,
  outlets: createOutlets(useCases.region, logger),
  parking: createParking(useCases.region, logger),
  holdCounting: { book: openHoldBook(), capsOf: limitsOf },
};
export const spreads = createSeenSpreads();
export const followDemand = createDemandFollower({
  ...dependencies,
  forecast: recentDemand,
  reportSpread: spreads.add,
});
export { readParkedChanges, readStreamEvent };
