import type { Context } from 'aws-lambda';
import { sweep } from '../../lib/application/sweep.ts';
import { beginRun } from '../observability/current-run.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import { dependencies, logger, metrics } from './dependencies.ts';

/**
 * Started by the schedule each minute: gives back expired holds, finishes what a crash left half done, sends what
 * nobody took, tells the other regions that this one is there, and goes on with its drain.
 */
export async function handler(_event: unknown, context?: Context): Promise<void> {
  beginRun(context);
  await sweep(dependencies, (done) => {
    const { expired, booked, settled, sent } = done;
    logger.info(LOG_MESSAGES.dueWorkCompleted, { count: expired + booked + settled + sent });
    metrics.record(done);
  });
}
