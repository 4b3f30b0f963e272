import type { Context, DynamoDBBatchResponse } from 'aws-lambda';
import { completeChanges } from '../../lib/application/complete-changes.ts';
import { changeLog } from './change-log.ts';
import { dependencies, followDemand, logger, readStreamEvent } from './dependencies.ts';

/** Kept free at the end of a run: what was begun before must end within it. */
const RESERVE_MS = 20_000;

/** Fed by the table's stream: completes what was begun in this region or another, and follows the demand. */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<DynamoDBBatchResponse> {
  const deadlineMs = dependencies.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
  const report = changeLog(logger);
  const options = { deadlineMs, followDemand, report };
  const position = await completeChanges(dependencies, readStreamEvent(event), options);
  return { batchItemFailures: position === undefined ? [] : [{ itemIdentifier: position }] };
}
