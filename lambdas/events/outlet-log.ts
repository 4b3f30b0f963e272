import * as z from 'zod';
import { shownPath } from '../../lib/application/shown-faults.ts';
import type { Channel } from '../../lib/domain/unsent.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import type { Logger } from '../observability/logger.ts';

/** Why messages were not taken, as outlets tell it. */
interface Failure {
  readonly count: number;
  readonly error: unknown;
}

/** Logs what an outlet did not take. Of an event that does not fit its contract only the places are named. */
export const outletLog =
  (logger: Logger, channel: Channel | 'deliveries' | 'parking') =>
  ({ count, error }: Failure): void => {
    if (error instanceof z.ZodError) {
      const paths = error.issues.map(({ path }) => shownPath(path.join('.')));
      logger.error(LOG_MESSAGES.eventRefused, { channel, paths });
    } else {
      logger.error(LOG_MESSAGES.messagesNotTaken, { channel, count }, error);
    }
  };
