import type { Shard, ShardStart } from './stream-api.ts';

/** How far a shard has been read. */
export interface ShardPosition {
  /** `undefined`: nothing was read yet. */
  readonly sequenceNumber: string | undefined;
  /** Closed, and read to its end. */
  readonly finished: boolean;
}

/** Positions by shard, as they survive a restart. */
export type StreamPositions = Readonly<Record<string, ShardPosition>>;

/** One shard that is being read. */
export interface OpenShard {
  readonly shardId: string;
  readonly lane: string;
  iterator: string | undefined;
}

/** The shards of a stream: which may be read now, and how far each was read. */
export class ShardSet {
  readonly #positions: Map<string, ShardPosition>;
  #listed = new Map<string, Shard>();
  #open = new Map<string, OpenShard>();

  constructor(positions: StreamPositions) {
    this.#positions = new Map(Object.entries(positions));
  }

  get positions(): StreamPositions {
    return Object.fromEntries(this.#positions);
  }

  /** Shards that may be read: a child waits until its parent is read to the end, which keeps items in order. */
  get open(): readonly OpenShard[] {
    return [...this.#open.values()];
  }

  /** Takes over a new list of shards; positions of those that are gone are forgotten. */
  update(shards: readonly Shard[]): void {
    this.#listed = new Map(shards.map((shard) => [shard.ShardId, shard]));
    for (const shardId of this.#positions.keys()) {
      if (!this.#listed.has(shardId)) this.#positions.delete(shardId);
    }
    const readable = shards.filter((shard) => !this.#isFinished(shard.ShardId) && this.#mayBegin(shard));
    this.#open = new Map(
      readable.map(({ ShardId }) => {
        const known = this.#open.get(ShardId);
        return [ShardId, known ?? { shardId: ShardId, lane: this.#rootOf(ShardId), iterator: undefined }];
      }),
    );
  }

  startOf(shardId: string): ShardStart {
    const SequenceNumber = this.#positions.get(shardId)?.sequenceNumber;
    if (SequenceNumber === undefined) return { ShardIteratorType: 'TRIM_HORIZON' };
    return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber };
  }

  advance(shardId: string, sequenceNumber: string): void {
    this.#positions.set(shardId, { sequenceNumber, finished: false });
  }

  /** What followed the position has been trimmed: reading goes on with the oldest record there is. */
  forgetPosition(shardId: string): void {
    this.#positions.delete(shardId);
  }

  finish(shardId: string): void {
    const sequenceNumber = this.#positions.get(shardId)?.sequenceNumber;
    this.#positions.set(shardId, { sequenceNumber, finished: true });
    this.#open.delete(shardId);
  }

  #isFinished(shardId: string): boolean {
    return this.#positions.get(shardId)?.finished ?? false;
  }

  #mayBegin({ ParentShardId }: Shard): boolean {
    return ParentShardId === undefined || !this.#listed.has(ParentShardId) || this.#isFinished(ParentShardId);
  }

  #rootOf(shardId: string): string {
    let root = shardId;
    // Each step leads to another shard of the list, so there are no more steps than shards.
    for (let step = 0; step < this.#listed.size; step++) {
      const parent = this.#listed.get(root)?.ParentShardId;
      if (parent === undefined || !this.#listed.has(parent)) break;
      root = parent;
    }
    return root;
  }
}
