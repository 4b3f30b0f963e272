import type { MemoryStore } from './memory-store.ts';
import { foldText } from './mixing.ts';
import type { StreamConsumer, StreamRates } from './stream-records.ts';
import { StreamShard } from './stream-shard.ts';
import type { SimulatedWorld } from './world.ts';

export interface StreamOptions {
  readonly store: MemoryStore;
  readonly consume: StreamConsumer;
  readonly rates: StreamRates;
  /** The most records in a batch. @default 10 */
  readonly batchMax?: number;
}

/** Each is read by itself, so that a batch that fails holds up a part of the items only. */
const SHARDS = 2;
const BATCH_MAX = 10;

/**
 * The stream of a region: all changes of its store, its own and replicated ones, those of one item in their
 * order, each at least once. It stands still while its region is down and goes on afterwards.
 */
export class RegionStream {
  readonly #shards: readonly StreamShard[];

  constructor(world: SimulatedWorld, { store, consume, rates, batchMax = BATCH_MAX }: StreamOptions) {
    const { region } = store;
    this.#shards = Array.from({ length: SHARDS }, (_, shard) => {
      const random = world.random.fork(`stream ${region} ${shard}`);
      return new StreamShard(world, { region, random, consume, rates, batchMax });
    });
    store.onChange((changes) => {
      world.counts.add('streamRecords', changes.length);
      for (const change of changes) this.#shardOf(change.id).append(change);
    });
    world.network.onChange(() => {
      for (const shard of this.#shards) shard.wake();
    });
  }

  /** Records that were never handled. */
  get backlog(): number {
    return this.#shards.reduce((sum, { backlog }) => sum + backlog, 0);
  }

  /** When the oldest record that was never handled was written. */
  get oldestAtMs(): number {
    return Math.min(...this.#shards.map(({ oldestAtMs }) => oldestAtMs ?? Number.POSITIVE_INFINITY));
  }

  #shardOf(id: string): StreamShard {
    return this.#shards[(foldText(0, id) >>> 0) % SHARDS] as StreamShard;
  }
}
