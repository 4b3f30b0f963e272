import type { StackTemplate } from '../template/cloudformation.ts';
import type { QueueDefinition } from '../template/queues.ts';
import { keepQueues, readKeptQueues } from './kept-queues.ts';
import { QueueServer } from './queue-server.ts';
import { openRegionQueues, type RegionQueues } from './region-queues.ts';

const QUEUE = 'AWS::SQS::Queue';

/** The queues of all regions, where templates have any. */
export interface StackQueues {
  /** `undefined`: there is no queue, so nothing runs. */
  readonly endpoint: string | undefined;
  /** The templates, with the address of their queues. */
  readonly stacks: readonly StackTemplate[];
  /** Makes the queues of a region; `undefined`: nothing runs. */
  readonly open: (
    region: string,
    definitions: readonly QueueDefinition[],
  ) => Promise<RegionQueues | undefined>;
}

const hasQueues = ({ template }: StackTemplate): boolean =>
  Object.values(template.Resources).some(({ Type }) => Type === QUEUE);

/**
 * Opens the address of queues, which templates refer to before there are queues behind it.
 *
 * @param resources keep what queues hold in the data directory, and end them, with the stack.
 */
export async function openQueues(
  stacks: readonly StackTemplate[],
  dataDir: string | undefined,
  resources: AsyncDisposableStack,
): Promise<StackQueues> {
  if (!stacks.some(hasQueues)) return { endpoint: undefined, stacks, open: async () => undefined };
  const kept = await readKeptQueues(dataDir);
  const server = new QueueServer();
  const opened: RegionQueues[] = [];
  resources.defer(async () => {
    const contents = opened.map(({ region, contents: held }) => [region, held] as const);
    // A region that this start did not reach keeps what it had.
    if (dataDir !== undefined) await keepQueues(dataDir, { ...kept, ...Object.fromEntries(contents) });
    await server.close();
  });
  await server.open();
  const { endpoint } = server;
  return {
    endpoint,
    stacks: stacks.map((stack) => ({ ...stack, queueEndpoint: endpoint })),
    open: async (region, definitions) => {
      const queues = await openRegionQueues({ region, endpoint, definitions, kept: kept[region] ?? {} });
      server.add(queues);
      opened.push(queues);
      return queues;
    },
  };
}
