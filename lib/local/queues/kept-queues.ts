import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KeptRegionQueues } from './region-queues.ts';

const FILE = 'queues.json';

/** What a data directory keeps of queues between two runs, by region. */
export type KeptQueues = Readonly<Record<string, KeptRegionQueues>>;

/** Nothing, if the last run was not stopped in order. */
export async function readKeptQueues(dataDir: string | undefined): Promise<KeptQueues> {
  if (dataDir === undefined) return {};
  const text = await readFile(path.join(dataDir, FILE), 'utf8').catch(() => '{}');
  return JSON.parse(text) as KeptQueues;
}

/** To be called once queues are read: what the file says is not true any more then. */
export async function dropKeptQueues(dataDir: string | undefined): Promise<void> {
  if (dataDir !== undefined) await rm(path.join(dataDir, FILE), { force: true });
}

export async function keepQueues(dataDir: string, queues: KeptQueues): Promise<void> {
  await writeFile(path.join(dataDir, FILE), JSON.stringify(queues), { mode: 0o600 });
}
