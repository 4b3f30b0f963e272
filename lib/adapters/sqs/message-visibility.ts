import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { OutletConnection } from '../outlets/client-settings.ts';
import { createQueueClient } from './queue-client.ts';

export interface MessageVisibilityOptions extends OutletConnection {
  readonly queueUrl: string;
  /** Hears why a message stays hidden for longer. */
  readonly onFailure: (error: unknown) => void;
}

/** Shows a message that was received again after so many seconds; where that fails, after its visibility timeout. */
export type HideMessage = (receiptHandle: string, seconds: number) => Promise<void>;

/** Changes when messages of a queue are shown again. */
export function createHideMessage({
  queueUrl,
  onFailure,
  ...connection
}: MessageVisibilityOptions): HideMessage {
  const client = createQueueClient(connection);
  return async (receiptHandle, seconds) => {
    try {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    } catch (error) {
      onFailure(error);
    }
  };
}
