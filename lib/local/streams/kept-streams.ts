import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SourceRecord } from '../event-sources/stream-event.ts';
import type { ReplicationState } from '../replication/replicator.ts';
import type { StreamPositions } from './shard-set.ts';

const FILE = 'streams.json';

/** What a data directory keeps of streams and replication between two runs. */
export interface KeptStreams {
  /** How far each stream was read, by `region/table`. */
  readonly positions: Readonly<Record<string, StreamPositions>>;
  /** Records that were read and not delivered, by `region/event source`. */
  readonly undelivered: Readonly<Record<string, readonly SourceRecord[]>>;
  readonly replication: ReplicationState;
}

/** What the runs before have left in a data directory. */
export interface Past {
  /** True when there was a run before. */
  readonly exists: boolean;
  /** `undefined`: nothing, or the last run was not stopped in order. */
  readonly kept: KeptStreams | undefined;
}

/** Must be asked before anything is started in the directory. */
export async function readPast(dataDir: string | undefined): Promise<Past> {
  if (dataDir === undefined) return { exists: false, kept: undefined };
  const entries = await readdir(dataDir).catch(() => []);
  const text = await readFile(path.join(dataDir, FILE), 'utf8').catch(() => undefined);
  const kept = text === undefined ? undefined : (JSON.parse(text) as KeptStreams);
  return { exists: entries.length > 0, kept };
}

/** To be called once streams are read: what the file says is not true any more then. */
export async function dropKept(dataDir: string | undefined): Promise<void> {
  if (dataDir !== undefined) await rm(path.join(dataDir, FILE), { force: true });
}

export async function keep(dataDir: string, streams: KeptStreams): Promise<void> {
  await writeFile(path.join(dataDir, FILE), JSON.stringify(streams), { mode: 0o600 });
}
