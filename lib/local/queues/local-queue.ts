import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { QueueDefinition } from '../template/queues.ts';
import type { EmulatedQueue, QueueContents } from './emulator.ts';

/** SQS's own bound for a call. */
const MAX_MESSAGES_PER_CALL = 10;
/** The longest that SQS lets a call wait; who still waits asks again. */
const MAX_WAIT_SECONDS = 20;

/** How many messages a queue holds, by their state. */
export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** One queue of one region. */
export class LocalQueue {
  readonly definition: QueueDefinition;
  readonly #queue: EmulatedQueue;
  readonly #client: SQSClient;

  constructor(definition: QueueDefinition, queue: EmulatedQueue, client: SQSClient) {
    this.definition = definition;
    this.#queue = queue;
    this.#client = client;
  }

  get depth(): QueueDepth {
    // Without it, a message whose time is over counts as it did when the queue was last read.
    this.#queue.processTimers();
    return {
      visible: this.#queue.messages.length,
      inFlight: this.#queue.inflightMessages.size,
      delayed: this.#queue.delayedMessages.length,
    };
  }

  /** Everything that lies in the queue; looking at it changes nothing. */
  get contents(): QueueContents {
    this.#queue.processTimers();
    return this.#queue.inspectMessages();
  }

  /** Puts back what an earlier run has left. */
  restore({ ready, delayed, inflight }: QueueContents): void {
    this.#queue.messages.push(...ready);
    this.#queue.delayedMessages.push(...delayed);
    for (const entry of inflight) this.#queue.inflightMessages.set(entry.receiptHandle, entry);
  }

  /** Takes what can be had at once. */
  async receive(count: number): Promise<readonly Message[]> {
    const answer = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.definition.url,
        MaxNumberOfMessages: Math.min(count, MAX_MESSAGES_PER_CALL),
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return answer.Messages ?? [];
  }

  /**
   * Resolves when there is something to receive, or after a while. A long poll over the network would do the same
   * until its region is cut off: the emulator does not notice that nobody waits for its answer any more, and hides
   * the next message from everybody for a visibility timeout.
   */
  async wait(): Promise<void> {
    await this.#queue.waitForMessages(MAX_WAIT_SECONDS);
  }

  async remove(messages: readonly Message[]): Promise<void> {
    for (let start = 0; start < messages.length; start += MAX_MESSAGES_PER_CALL) {
      const some = messages.slice(start, start + MAX_MESSAGES_PER_CALL);
      const Entries = some.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      const QueueUrl = this.definition.url;
      const { Failed = [] } = await this.#client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      const [failure] = Failed;
      if (failure !== undefined) throw new Error(failure.Message ?? failure.Code);
    }
  }
}
