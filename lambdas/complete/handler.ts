import { createBatchHandler } from './batch-handler.ts';
import {
  dependencies,
  followDemand,
  logger,
  metrics,
  readParkedChanges,
  readStreamEvent,
  spreads,
} from './dependencies.ts';

/**
 * Fed by the table's stream, and by the queue of changes that were parked: completes what was begun in this region or
 * another, tells of what was changed here, and follows the demand.
 */
export const handler = createBatchHandler({
  dependencies,
  followDemand,
  logger,
  metrics,
  spreads,
  readStreamEvent,
  readParkedChanges,
});
