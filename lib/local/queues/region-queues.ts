import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { LOCAL_CREDENTIALS } from '../credentials.ts';
import { LOCAL_ACCOUNT } from '../template/cloudformation.ts';
import type { QueueDefinition } from '../template/queues.ts';
import { type Emulator, type QueueContents, startEmulator } from './emulator.ts';
import { LocalQueue } from './local-queue.ts';

/** What the queues of a region hold, by name. */
export type KeptRegionQueues = Readonly<Record<string, QueueContents>>;

export interface RegionQueuesOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly definitions: readonly QueueDefinition[];
  /** What an earlier run has left; queues that are no longer defined are gone with what was in them. */
  readonly kept: KeptRegionQueues;
}

/** The queues of one region. */
export class RegionQueues {
  readonly region: string;
  readonly all: readonly LocalQueue[];
  /** False: the region is cut off. Its queues keep what they hold. */
  reachable = false;
  readonly #emulator: Emulator;
  readonly #client: SQSClient;
  readonly #endpoint: string;

  constructor({ region, endpoint, definitions, kept }: RegionQueuesOptions, emulator: Emulator) {
    this.region = region;
    this.#emulator = emulator;
    this.#endpoint = endpoint;
    // Calls that fail are seen by who makes them, who tries again later.
    this.#client = new SQSClient({ region, endpoint, credentials: LOCAL_CREDENTIALS, maxAttempts: 1 });
    this.all = definitions.map((definition) => {
      const { name, url, arn, attributes } = definition;
      const queue = new LocalQueue(
        definition,
        emulator.store.createQueue(name, url, arn, { ...attributes }),
        this.#client,
      );
      const contents = kept[name];
      if (contents !== undefined) queue.restore(contents);
      return queue;
    });
  }

  get handle(): Emulator['handle'] {
    return this.#emulator.handle;
  }

  get contents(): KeptRegionQueues {
    return Object.fromEntries(this.all.map((queue) => [queue.definition.name, queue.contents]));
  }

  find(name: string): LocalQueue | undefined {
    return this.all.find(({ definition }) => definition.name === name);
  }

  /** @throws Error for a queue that is not there: templates are checked for that. */
  get(name: string): LocalQueue {
    const queue = this.find(name);
    if (queue === undefined) throw new Error(`${this.region} has no queue ${name}.`);
    return queue;
  }

  /**
   * @param attributes message attributes, each a string.
   * @throws an Error whose name is the code of SQS, `QueueDoesNotExist` among them.
   */
  async send(name: string, body: string, attributes: Readonly<Record<string, string>> = {}): Promise<void> {
    const values = Object.entries(attributes).map(([key, StringValue]) => {
      return [key, { DataType: 'String', StringValue }] as const;
    });
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: `${this.#endpoint}/${LOCAL_ACCOUNT}/${name}`,
        MessageBody: body,
        MessageAttributes: Object.fromEntries(values),
      }),
    );
  }

  async close(): Promise<void> {
    this.#client.destroy();
    await this.#emulator.close();
  }
}

/** Makes the queues of a region, with what they held. */
export async function openRegionQueues(options: RegionQueuesOptions): Promise<RegionQueues> {
  return new RegionQueues(options, await startEmulator());
}
