import type { Context, DynamoDBBatchResponse } from 'aws-lambda';
import { completeChanges } from '../../lib/application/complete-changes.ts';
import { changeLog } from './change-log.ts';
import {
  dependencies,
  followDemand,
  logger,
  metrics,
  readParkedChanges,
  readStreamEvent,
} from './dependencies.ts';
import { measureOf } from './measure.ts';

/** Kept free at the end of a run: what was begun before must end within it, and what is told of it be handed over. */
const RESERVE_MS = 25_000;

/** What a parked record shows of demand is long over. */
const ignoreDemand = async (): Promise<void> => {};

/**
 * Fed by the table's stream, and by the queue of changes that were parked: completes what was begun in this region or
 * another, tells of what was changed here, and follows the demand.
 */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<DynamoDBBatchResponse> {
  const { clock } = dependencies;
  const parked = readParkedChanges(event);
  const records = parked ?? readStreamEvent(event);
  const completed = await completeChanges(dependencies, records, {
    deadlineMs: clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS,
    followDemand: parked === undefined ? followDemand : ignoreDemand,
    report: changeLog(logger),
  });
  if (parked === undefined) metrics.record(measureOf(records, completed, clock.now()));
  return { batchItemFailures: completed.failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
