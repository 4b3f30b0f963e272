import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from '../database/database-client.ts';
import { type OpenShard, ShardSet, type StreamPositions } from './shard-set.ts';
import type { StreamApi } from './stream-api.ts';
import type { StreamRecord } from './stream-record.ts';

/** Replication of a table that is being written shall take tenths of a second; a read takes 2 ms. */
const BUSY_POLL_MS = 20;
/** A stream that nobody writes to costs little: three regions take a tenth of a core, databases included. */
const IDLE_POLL_MS = 100;
/** So long after its last record a stream still counts as busy. */
const BUSY_FOR_MS = 1_000;
/** DynamoDB Local opens a new shard only when one closes, which shows at once; AWS may split at any time. */
const SHARD_CHECK_MS = 10_000;
/** A database that does not answer is a defect or the end of the stack; it is asked again, not often. */
const PROBLEM_PAUSE_MS = 500;

export interface StreamReaderOptions {
  readonly api: StreamApi;
  readonly tableName: string;
  readonly positions: StreamPositions;
  /** Takes records in order. Nothing more is read until it resolves. */
  readonly onRecords: (records: readonly StreamRecord[]) => Promise<void> | void;
  /** Everything that was written before this time (of `performance.now`) has been handed over. */
  readonly onCaughtUp: (sinceMs: number) => void;
  readonly onProblem: (line: string) => void;
}

/** Reads the stream of one table, once for all who want it. */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  readonly #shards: ShardSet;
  readonly #waiting = new Set<{ readonly sinceMs: number; readonly resolve: () => void }>();
  #pause = new AbortController();
  #running = false;
  #skipping = false;
  #loop: Promise<void> = Promise.resolve();
  #shardsCheckedAtMs = Number.NEGATIVE_INFINITY;
  #lastRecordAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    this.#shards = new ShardSet(options.positions);
  }

  /** Everything up to these has been handed over. */
  get positions(): StreamPositions {
    return this.#shards.positions;
  }

  /** Passes over everything that is in the stream by now. To be called before `start`. */
  async skip(): Promise<void> {
    this.#skipping = true;
    while ((await this.#readEachShard()) > 0);
    this.#skipping = false;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#pause.abort();
    await this.#loop;
    for (const { resolve } of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /** Resolves when everything that is written by now has been handed over, or when reading has stopped. */
  caughtUp(): Promise<void> {
    if (!this.#running) return Promise.resolve();
    const caughtUp = new Promise<void>((resolve) => {
      this.#waiting.add({ sinceMs: performance.now(), resolve });
    });
    this.#pause.abort();
    return caughtUp;
  }

  async #run(): Promise<void> {
    while (this.#running) {
      const startedMs = performance.now();
      try {
        if ((await this.#readEachShard()) > 0) continue;
        this.#tellCaughtUp(startedMs);
        await this.#rest(this.#isBusy(startedMs) ? BUSY_POLL_MS : IDLE_POLL_MS);
      } catch (cause) {
        if (!this.#running) return;
        this.#options.onProblem(`Stream of ${this.#options.tableName}: ${(cause as Error).message}`);
        await this.#rest(PROBLEM_PAUSE_MS);
      }
    }
  }

  #isBusy(nowMs: number): boolean {
    return nowMs - this.#lastRecordAtMs < BUSY_FOR_MS;
  }

  async #rest(ms: number): Promise<void> {
    this.#pause = new AbortController();
    // Who asked to be told while the last read was under way must not wait for a whole rest.
    if (this.#waiting.size > 0) return;
    await sleep(ms, undefined, { signal: this.#pause.signal }).catch(() => undefined);
  }

  #tellCaughtUp(startedMs: number): void {
    this.#options.onCaughtUp(startedMs);
    for (const waiting of this.#waiting) {
      if (waiting.sinceMs > startedMs) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
  }

  /** @returns the number of records, and of shards that turned out to be closed: both ask for another round. */
  async #readEachShard(): Promise<number> {
    const nowMs = performance.now();
    if (this.#shards.open.length === 0 || nowMs - this.#shardsCheckedAtMs > SHARD_CHECK_MS) {
      this.#shards.update(await this.#options.api.shards());
      this.#shardsCheckedAtMs = nowMs;
    }
    let progress = 0;
    for (const shard of this.#shards.open) progress += await this.#readShard(shard);
    return progress;
  }

  async #readShard(shard: OpenShard): Promise<number> {
    const { api, tableName, onRecords } = this.#options;
    const { shardId, lane } = shard;
    try {
      shard.iterator ??= await api.iterator(shardId, this.#shards.startOf(shardId));
      const page = await api.records(shard.iterator);
      const readAtMs = Date.now();
      const last = page.Records.at(-1);
      if (last !== undefined) {
        const records = page.Records.map((wire) => ({ tableName, lane, readAtMs, wire }));
        if (!this.#skipping) await onRecords(records);
        this.#shards.advance(shardId, last.dynamodb.SequenceNumber);
        this.#lastRecordAtMs = performance.now();
      }
      shard.iterator = page.NextShardIterator;
      if (page.NextShardIterator !== undefined) return page.Records.length;
      this.#shards.finish(shardId);
      this.#shardsCheckedAtMs = Number.NEGATIVE_INFINITY;
      return page.Records.length + 1;
    } catch (cause) {
      return this.#recover(shard, cause);
    }
  }

  /** Iterators end after a while and records after a day: neither is a failure. */
  #recover(shard: OpenShard, cause: unknown): number {
    shard.iterator = undefined;
    if (!(cause instanceof DatabaseError)) throw cause;
    switch (cause.name) {
      case 'ExpiredIteratorException':
        return 1;
      case 'TrimmedDataAccessException':
        this.#options.onProblem(
          `Stream of ${this.#options.tableName}: records were trimmed before they were read.`,
        );
        this.#shards.forgetPosition(shard.shardId);
        return 1;
      case 'ResourceNotFoundException':
        // The shard has been trimmed as a whole.
        this.#shards.finish(shard.shardId);
        this.#shardsCheckedAtMs = Number.NEGATIVE_INFINITY;
        return 1;
      default:
        throw cause;
    }
  }
}
