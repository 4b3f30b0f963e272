import { acceptOrder } from '../../application/accept-order.ts';
import { type OrderMessage, StoreUnavailableError } from '../../application/ports.ts';
import { OrderContendedError } from '../../application/record-order.ts';
import type { QueueConsumer } from '../spine/simulated-queue.ts';
import type { SimulatedWorld } from '../world.ts';
import type { EnvironmentPool } from './environment-pool.ts';
import type { Mutant } from './mutant.ts';

export interface WorkerOptions {
  readonly region: string;
  readonly mutant?: Mutant | undefined;
}

const isExpected = (error: unknown): boolean =>
  error instanceof StoreUnavailableError || error instanceof OrderContendedError;

/** The worker of a region's order queue, as the function behind it: each message by itself, all side by side. */
export function createOrderWorker(
  world: SimulatedWorld,
  pool: () => EnvironmentPool,
  { region, mutant }: WorkerOptions,
): QueueConsumer<OrderMessage> {
  const work = mutant?.acceptOrder ?? acceptOrder;
  return async (batch) => {
    const { process, deps } = pool().get('orders', region);
    const failed = new Set<string>();
    const handle = async (message: OrderMessage) => {
      try {
        await work(deps, message);
      } catch (error) {
        if (!isExpected(error)) throw error;
        failed.add(message.id);
      }
    };
    const end = await process.run(() => Promise.all(batch.map(handle)));
    if (end.ended === 'threw') world.time.fail(end.error);
    if (end.ended !== 'returned') throw new Error(`The messages were not handled: their worker ${end.ended}`);
    return mutant?.failedMessages?.(failed) ?? failed;
  };
}
