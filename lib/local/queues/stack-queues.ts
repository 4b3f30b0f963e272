import type { StackTemplate } from '../template/cloudformation.ts';
import type { QueueDefinition } from '../template/queues.ts';
import { type KeptQueues, keepQueues, readKeptQueues } from './kept-queues.ts';
import { QueueServer } from './queue-server.ts';
import { openRegionQueues, type RegionQueues } from './region-queues.ts';

const QUEUE = 'AWS::SQS::Queue';

const hasQueues = ({ template }: StackTemplate): boolean =>
  Object.values(template.Resources).some(({ Type }) => Type === QUEUE);

/** The queues of all regions, at one address. */
export class StackQueues {
  readonly #server = new QueueServer();
  readonly #regions = new Map<string, RegionQueues>();
  readonly #kept: KeptQueues;

  constructor(kept: KeptQueues) {
    this.#kept = kept;
  }

  get endpoint(): string {
    return this.#server.endpoint;
  }

  /** What queues hold; a region that was not reached in this run holds what it did. */
  get contents(): KeptQueues {
    const held = [...this.#regions].map(([region, { contents }]) => [region, contents] as const);
    return { ...this.#kept, ...Object.fromEntries(held) };
  }

  open(): Promise<void> {
    return this.#server.open();
  }

  /** Makes the queues of a region, with what they held. They can be reached once the region is started. */
  async add(region: string, definitions: readonly QueueDefinition[]): Promise<RegionQueues> {
    const { endpoint } = this;
    const kept = this.#kept[region] ?? {};
    const queues = await openRegionQueues({ region, endpoint, definitions, kept });
    this.#regions.set(region, queues);
    this.#server.add(queues);
    return queues;
  }

  /**
   * @param attributes message attributes, each a string. @default none
   * @throws an Error whose name is the code of SQS, `QueueDoesNotExist` among them.
   */
  async send(queueArn: string, body: string, attributes?: Readonly<Record<string, string>>): Promise<void> {
    const [, , , region = '', , name = ''] = queueArn.split(':');
    const queues = this.#regions.get(region);
    if (queues === undefined) {
      throw Object.assign(new Error(`${queueArn} does not exist.`), { name: 'QueueDoesNotExist' });
    }
    await queues.send(name, body, attributes);
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

/**
 * Opens the address of queues, which templates refer to before there are queues behind it.
 *
 * @param resources keep what queues hold in the data directory, and end them, with the stack.
 * @returns nothing when no template has a queue: then nothing runs.
 */
export async function openQueues(
  stacks: readonly StackTemplate[],
  dataDir: string | undefined,
  resources: AsyncDisposableStack,
): Promise<StackQueues | undefined> {
  if (!stacks.some(hasQueues)) return undefined;
  const queues = new StackQueues(await readKeptQueues(dataDir));
  resources.defer(async () => {
    if (dataDir !== undefined) await keepQueues(dataDir, queues.contents);
    await queues.close();
  });
  await queues.open();
  return queues;
}
