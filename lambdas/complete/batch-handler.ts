import type { Context, DynamoDBBatchResponse } from 'aws-lambda';
import {
  type ChangesOptions,
  type ConsumerDependencies,
  completeChanges,
} from '../../lib/application/complete-changes.ts';
import type { StreamedRecord } from '../../lib/application/streamed-record.ts';
import { tradeOf } from '../../lib/application/trade-of.ts';
import type { ChangeMeasure } from '../observability/background-metrics.ts';
import { beginRun } from '../observability/current-run.ts';
import type { Logger } from '../observability/logger.ts';
import { changeLog } from './change-log.ts';
import { completedChanges, measureOf } from './measure.ts';
import type { SeenSpreads } from './seen-spreads.ts';

/** Kept free at the end of a run: what was begun before must end within it, and what is told of it be handed over. */
const RESERVE_MS = 25_000;

/** What a parked record shows of demand is long over. */
const ignoreDemand = async (): Promise<void> => {};

export interface BatchHandling extends Pick<ChangesOptions, 'followDemand'> {
  readonly dependencies: ConsumerDependencies;
  readonly logger: Logger;
  readonly metrics: { record(measure: ChangeMeasure): void };
  /** What `followDemand` has seen of the quotas. @default nothing */
  readonly spreads?: Pick<SeenSpreads, 'takeMean'>;
  /** Reads the event of a stream. */
  readonly readStreamEvent: (event: unknown) => StreamedRecord[];
  /** Reads the event of a queue of parked changes; `undefined`: it is none. */
  readonly readParkedChanges: (event: unknown) => StreamedRecord[] | undefined;
}

/** Makes the function that answers batches, of the stream as of the queue, with what must be shown again. */
export function createBatchHandler({
  dependencies,
  followDemand,
  logger,
  metrics,
  spreads,
  readStreamEvent,
  readParkedChanges,
}: BatchHandling) {
  return async (
    event: unknown,
    context: Pick<Context, 'getRemainingTimeInMillis'> & Partial<Pick<Context, 'awsRequestId'>>,
  ): Promise<DynamoDBBatchResponse> => {
    beginRun(context);
    const { clock, region } = dependencies;
    const parked = readParkedChanges(event);
    const records = parked ?? readStreamEvent(event);
    const completed = await completeChanges(dependencies, records, {
      deadlineMs: clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS,
      followDemand: parked === undefined ? followDemand : ignoreDemand,
      report: changeLog(logger),
    });
    const quotaSpreadPercent = spreads?.takeMean();
    metrics.record({
      ...measureOf(records, completed, clock.now()),
      trade: tradeOf(region, completedChanges(records, completed)),
      ...(quotaSpreadPercent !== undefined && { quotaSpreadPercent }),
    });
    return { batchItemFailures: completed.failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
