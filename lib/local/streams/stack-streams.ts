import { setTimeout as sleep } from 'node:timers/promises';
import type { EventSource } from '../event-sources/event-source.ts';
import type { Replicator } from '../replication/replicator.ts';
import type { KeptStreams, Past } from './kept-streams.ts';
import { openStream, type StreamApi } from './stream-api.ts';
import { StreamReader } from './stream-reader.ts';
import type { StreamRecord } from './stream-record.ts';

/** A stack has ten seconds to stop; what is left of the streams is usually read in hundredths of one. */
const LAST_READ_TIMEOUT_MS = 2_000;

/** A region whose streams are read. */
export interface StreamedRegion {
  readonly name: string;
  readonly endpoint: string;
  /** Tables whose stream somebody wants. */
  readonly tables: readonly string[];
  readonly eventSources: readonly EventSource[];
}

export interface StackStreamsOptions {
  readonly regions: readonly StreamedRegion[];
  readonly replicator: Replicator;
  readonly past: Past;
  readonly onOutput: (line: string) => void;
}

interface OpenedStream {
  readonly region: StreamedRegion;
  readonly tableName: string;
  readonly api: StreamApi;
}

/** The streams of all regions, each read once: for replication and for event sources. */
export class StackStreams {
  readonly #options: StackStreamsOptions;
  readonly #readers: ReadonlyMap<string, StreamReader>;
  #recordsRead = 0;
  #closing = false;

  constructor(options: StackStreamsOptions, streams: readonly OpenedStream[]) {
    this.#options = options;
    this.#readers = new Map(
      streams.map((stream) => [nameOf(stream.region.name, stream.tableName), this.#newReader(stream)]),
    );
    for (const { name, eventSources } of options.regions) {
      for (const source of eventSources) {
        source.restore(options.past.kept?.undelivered[nameOf(name, source.definition.id)] ?? []);
      }
    }
  }

  /** Grows with whatever is written anywhere. */
  get recordsRead(): number {
    return this.#recordsRead;
  }

  /** Passes over everything that earlier runs have written. */
  async skip(): Promise<void> {
    await Promise.all([...this.#readers.values()].map((reader) => reader.skip()));
  }

  start(): void {
    for (const reader of this.#readers.values()) reader.start();
  }

  /** Resolves when replication and event sources have been given everything that is written by now. */
  async caughtUp(): Promise<void> {
    await Promise.all([...this.#readers.values()].map((reader) => reader.caughtUp()));
  }

  /**
   * Reads what is left and stops.
   *
   * @returns what the next run goes on with.
   */
  async stop(): Promise<KeptStreams> {
    this.#closing = true;
    const timeUp = sleep(LAST_READ_TIMEOUT_MS, undefined, { ref: false });
    await Promise.race([this.caughtUp(), timeUp]);
    await Promise.all([...this.#readers.values()].map((reader) => reader.stop()));
    const undelivered = this.#options.regions.flatMap(({ name, eventSources }) =>
      eventSources.map((source) => [nameOf(name, source.definition.id), source.records] as const),
    );
    const positions = [...this.#readers].map(([name, reader]) => [name, reader.positions] as const);
    return {
      positions: Object.fromEntries(positions),
      undelivered: Object.fromEntries(undelivered),
      replication: this.#options.replicator.state,
    };
  }

  #newReader({ region, tableName, api }: OpenedStream): StreamReader {
    const { past, replicator, onOutput } = this.#options;
    return new StreamReader({
      api,
      tableName,
      positions: past.kept?.positions[nameOf(region.name, tableName)] ?? {},
      onRecords: (records) => this.#handOver(region, records),
      onCaughtUp: (sinceMs) => replicator.caughtUp(region.name, sinceMs),
      onProblem: onOutput,
    });
  }

  async #handOver({ name, eventSources }: StreamedRegion, records: readonly StreamRecord[]): Promise<void> {
    this.#recordsRead += records.length;
    this.#options.replicator.observe(name, records);
    for (const source of eventSources) source.offer(records);
    if (this.#closing) return;
    await Promise.all(eventSources.map((source) => source.room()));
  }
}

function nameOf(region: string, what: string): string {
  return `${region}/${what}`;
}

/** Opens the streams, which must exist. Nothing is handed over before `start`. */
export async function openStreams(options: StackStreamsOptions): Promise<StackStreams> {
  const wanted = options.regions.flatMap((region) =>
    region.tables.map((tableName) => ({ region, tableName })),
  );
  const opened = wanted.map(async ({ region, tableName }) => {
    return { region, tableName, api: await openStream(region.endpoint, tableName) };
  });
  const streams = new StackStreams(options, await Promise.all(opened));
  // What a run that broke off has seen, and what it has not, cannot be told apart.
  if (options.past.exists && options.past.kept === undefined) await streams.skip();
  return streams;
}
