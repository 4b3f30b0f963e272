import { sweep } from '../../lib/application/sweep.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import { dependencies, logger } from './dependencies.ts';

/**
 * Started by the schedule each minute: gives back expired holds, finishes what a crash left half done, tells the
 * other regions that this one is there, and goes on with its drain.
 */
export async function handler(): Promise<void> {
  await sweep(dependencies, ({ expired, booked, settled }) => {
    logger.info(LOG_MESSAGES.dueWorkCompleted, { count: expired + booked + settled });
  });
}
