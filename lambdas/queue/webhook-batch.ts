import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import type { Logger } from '../observability/logger.ts';

const batchSchema = z.object({
  Records: z.array(z.object({ messageId: z.string(), body: z.string() })),
});

export interface BatchOptions<Message> {
  readonly logger: Logger;
  readonly schema: z.ZodType<Message>;
  readonly handle: (message: Message) => Promise<void>;
}

/** An error of `JSON.parse` quotes what it could not read, and that may be a tenant's data. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error('The message is not JSON.');
  }
}

/**
 * Handles the messages of a batch side by side, so that a slow one holds up no other. What fails, or cannot be read,
 * goes back to the queue, and after a few receives to its dead letters; the others are done.
 */
export function webhookQueueHandler<Message>({ logger, schema, handle }: BatchOptions<Message>) {
  const isHandled = async (body: string): Promise<boolean> => {
    try {
      await handle(schema.parse(parseJson(body)));
      return true;
    } catch (error) {
      logger.error(LOG_MESSAGES.messageFailed, {}, error);
      return false;
    }
  };
  return async (event: unknown): Promise<SQSBatchResponse> => {
    const { Records } = batchSchema.parse(event);
    const handled = await Promise.all(Records.map(({ body }) => isHandled(body)));
    const failed = Records.filter((_, index) => handled[index] !== true);
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}
