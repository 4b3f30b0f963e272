import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { QueueAddress } from './delivery-queue.ts';

/** SQS answers in milliseconds. */
const REQUEST_TIMEOUT_MS = 1_000;

/** Shows a message that was received again after so many seconds; where that fails, after its visibility timeout. */
export type HideMessage = (receiptHandle: string, seconds: number) => Promise<void>;

/** Changes when messages of a queue are shown again. */
export function createHideMessage({
  region,
  queueUrl,
  report,
}: Pick<QueueAddress, 'region' | 'queueUrl' | 'report'>): HideMessage {
  const client = new SQSClient({
    region,
    maxAttempts: 1,
    useQueueUrlAsEndpoint: false,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
  });
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
      report(error);
    }
  };
}
