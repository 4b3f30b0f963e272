import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { Message, Outlet } from '../../application/ports.ts';
import { bytesOf, createBatchedOutlet, type OnFailure } from '../outlets/batched-outlet.ts';
import type { OutletConnection } from '../outlets/client-settings.ts';
import { createQueueClient } from './queue-client.ts';

/** `SendMessageBatch` takes ten messages; 256 KB together is what every region takes. */
const LIMITS = { entries: 10, bytes: 256 * 1_024 };

export interface MessageQueueOptions extends OutletConnection {
  readonly queueUrl: string;
  readonly onFailure: OnFailure;
}

/** A queue of a region that messages are sent to, each as JSON. */
export function createMessageQueue<Sent extends Message>({
  queueUrl,
  onFailure,
  ...connection
}: MessageQueueOptions): Outlet<Sent> {
  const client = createQueueClient(connection);
  return createBatchedOutlet<Sent, string>({
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
