import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PendingDelivery } from './target-lane.ts';

const FILE = 'deliveries.json';

/** Events that were put and not delivered, by region and by rule and target. */
export type KeptDeliveries = Record<string, Readonly<Record<string, readonly PendingDelivery[]>>>;

/** Takes what the last run has left in the data directory; a run that breaks off must not find it again. */
export async function takeDeliveries(dataDir: string | undefined): Promise<KeptDeliveries> {
  if (dataDir === undefined) return {};
  const file = path.join(dataDir, FILE);
  const text = await readFile(file, 'utf8').catch(() => '{}');
  await rm(file, { force: true });
  return JSON.parse(text) as KeptDeliveries;
}

export async function keepDeliveries(dataDir: string, deliveries: KeptDeliveries): Promise<void> {
  await writeFile(path.join(dataDir, FILE), JSON.stringify(deliveries), { mode: 0o600 });
}
