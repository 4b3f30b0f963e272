import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { seed } from './seed.ts';
import type { SeedContext, SeedKeys } from './seed-context.ts';
import { inventoryTable } from './service-tables.ts';
import { StartupError } from './startup-error.ts';

/** What is kept of a seed in the data directory. */
interface Kept {
  readonly regions: readonly string[];
  readonly keys: SeedKeys;
}

async function readKept(file: string): Promise<Kept | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Kept);
}

function seedNow({ kind, regions, tables, replicated }: SeedContext): Promise<SeedKeys> {
  const tableName = inventoryTable(tables)?.create.TableName ?? '';
  const targets = regions.map(({ region, databaseEndpoint: endpoint }) => ({ region, endpoint, tableName }));
  return seed({ targets, catalogue: kind, replicated });
}

/**
 * Seeds a fresh stack. One whose data have survived a restart only gets its keys back.
 *
 * @throws StartupError when the data belong to other regions, or to a start that was broken off.
 */
export async function seedOnce(context: SeedContext): Promise<SeedKeys> {
  const { dataDir } = context;
  if (dataDir === undefined) return seedNow(context);
  const file = path.join(dataDir, 'keys.json');
  const regions = context.regions.map(({ region }) => region);
  const kept = await readKept(file);
  if (kept !== undefined) {
    if (isDeepStrictEqual(kept.regions, regions)) return kept.keys;
    throw new StartupError(
      `The data in ${dataDir} are those of ${kept.regions.join(',')}: start with --regions ` +
        `${kept.regions.join(',')}, or with an empty --data directory.`,
    );
  }
  const keys = await seedNow(context).catch((cause: Error) => {
    throw new StartupError(`${cause.message} If ${dataDir} holds a start that was broken off, empty it.`);
  });
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, JSON.stringify({ regions, keys } satisfies Kept), { mode: 0o600 });
  return keys;
}
