import { readStreamEvent } from '../../lib/adapters/dynamodb/stream-changes.ts';
import { createDemandFollower } from '../../lib/application/follow-demand.ts';
import { recentDemand } from '../../lib/application/rebalance-sku.ts';
import { createLogger } from '../observability/logger.ts';
import { createDependencies, openReadModel } from '../runtime/dependencies.ts';

export const dependencies = createDependencies(openReadModel());
export const followDemand = createDemandFollower({ ...dependencies, forecast: recentDemand });
export const logger = createLogger('complete');
export { readStreamEvent };
