import { sweep } from '../../lib/application/sweep.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import { dependencies, logger } from './dependencies.ts';

/** Started by the schedule each minute: gives back expired holds and finishes what a crash left half done. */
export async function handler(): Promise<void> {
  await sweep(dependencies, ({ expired, booked, settled }) => {
    logger.info(LOG_MESSAGES.dueWorkCompleted, { count: expired + booked + settled });
  });
}
