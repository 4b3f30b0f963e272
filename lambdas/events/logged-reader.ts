import type { MessageReader } from '../../lib/application/send-unsent.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import type { Logger } from '../observability/logger.ts';

/** Logs what cannot be read: such a message waits until somebody mends the bug that wrote it. */
export const loggedReader = (reader: MessageReader, logger: Logger): MessageReader => ({
  read(channel, json) {
    try {
      return reader.read(channel, json);
    } catch (error) {
      logger.error(LOG_MESSAGES.unsentUnreadable, { channel }, error);
      throw error;
    }
  },
});
