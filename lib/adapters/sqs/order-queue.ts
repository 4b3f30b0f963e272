import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { OrderMessage, Outlet } from '../../application/ports.ts';
import { bytesOf, createBatchedOutlet, type OnFailure } from '../outlets/batched-outlet.ts';
import { clientSettings, type OutletConnection } from '../outlets/client-settings.ts';

/** `SendMessageBatch` takes ten messages; 256 KB together is what every region takes. */
const LIMITS = { entries: 10, bytes: 256 * 1_024 };

export interface OrderQueueOptions extends OutletConnection {
  readonly queueUrl: string;
  readonly onFailure: OnFailure;
}

/** The queue of orders of a region. */
export function createOrderQueue({
  queueUrl,
  onFailure,
  ...connection
}: OrderQueueOptions): Outlet<OrderMessage> {
  const client = new SQSClient(clientSettings(connection));
  return createBatchedOutlet({
    limits: LIMITS,
    onFailure,
    pack: (message) => {
      const entry = JSON.stringify(message);
      return { entry, bytes: bytesOf(entry) };
    },
    async deliver(bodies) {
      // An id counts within the batch only, and may not be as long as that of a message.
      const entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries });
      const { Successful = [], Failed = [] } = await client.send(command);
      const taken = new Set(Successful.map(({ Id }) => Id));
      const faults = new Map(Failed.map(({ Id, Code }) => [Id, Code]));
      return entries.map(({ Id }) => (taken.has(Id) ? undefined : (faults.get(Id) ?? 'No answer')));
    },
  });
}
