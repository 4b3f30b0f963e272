import { SendMessageBatchCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import type { DeliveryMessage, DeliveryQueue } from '../../application/webhook-ports.ts';

/** SQS takes no more at once. */
const BATCH_MAX = 10;

/** SQS answers in milliseconds; what it does not take in time is kept and sent again by the sweep. */
const REQUEST_TIMEOUT_MS = 3_000;
const CONNECTION_TIMEOUT_MS = 1_000;
const ATTEMPTS_MAX = 2;

export interface QueueAddress {
  readonly region: string;
  readonly queueUrl: string;
  /** @default the region's own endpoint, or the one `AWS_ENDPOINT_URL_SQS` names */
  readonly endpoint?: string;
  /** @default the function's role */
  readonly credentials?: NonNullable<SQSClientConfig['credentials']>;
  /** Hears why messages were not taken. */
  readonly report: (error: unknown) => void;
}

function createClient({ region, endpoint, credentials }: QueueAddress): SQSClient {
  return new SQSClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: ATTEMPTS_MAX,
    // The address of a queue is its name: where its region is reached is for the endpoint to say.
    useQueueUrlAsEndpoint: false,
    requestHandler: {
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      // Without it the SDK only warns, and waits on.
      throwOnRequestTimeout: true,
    },
  });
}

/** Sends one batch; entries are named by their place, because ids of ours are too long for SQS. */
async function sendBatch(
  client: SQSClient,
  { queueUrl, report }: QueueAddress,
  batch: readonly DeliveryMessage[],
) {
  const entries = batch.map((message, index) => ({
    Id: String(index),
    MessageBody: JSON.stringify(message),
  }));
  try {
    const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
    const taken = new Set((answer.Successful ?? []).map(({ Id }) => Id));
    return batch.filter((_, index) => !taken.has(String(index)));
  } catch (error) {
    report(error);
    // Whether it arrived is unknown: the worker bears to get it twice.
    return batch;
  }
}

/** The queue of deliveries of a region, on SQS. */
export function createDeliveryQueue(address: QueueAddress): DeliveryQueue {
  const client = createClient(address);
  return {
    async send(messages) {
      const starts = messages.flatMap((_, index) => (index % BATCH_MAX === 0 ? [index] : []));
      const lost = await Promise.all(
        starts.map((start) => sendBatch(client, address, messages.slice(start, start + BATCH_MAX))),
      );
      return new Set(lost.flat().map(({ id }) => id));
    },
  };
}
