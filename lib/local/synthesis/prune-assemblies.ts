import { randomUUID } from 'node:crypto';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Enough to go back and forth between branches and region lists without a new synthesis. */
const MAX_ASSEMBLIES = 6;
/** A folder of a synthesis that was killed is removed after this time; a running one is never that old. */
const ABANDONED_AFTER_MS = 3_600_000;

export const TEMPORARY_PREFIX = 'incomplete-';
const IN_USE_PREFIX = 'in-use-by-';

interface Entry {
  readonly directory: string;
  readonly usedAtMs: number;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function isInUse(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => []);
  return names.some(
    (name) =>
      name.startsWith(IN_USE_PREFIX) && isRunning(Number.parseInt(name.slice(IN_USE_PREFIX.length), 10)),
  );
}

/**
 * Keeps an assembly while this process runs: function environments load their bundle from it at any time.
 * The mark of a process that has ended counts for nothing.
 *
 * @returns a function that takes the mark away.
 */
export async function markInUse(directory: string): Promise<() => Promise<void>> {
  const mark = path.join(directory, `${IN_USE_PREFIX}${process.pid}-${randomUUID()}`);
  await writeFile(mark, '');
  return () => rm(mark, { force: true });
}

/** Removes all but the newest assemblies; never the given one, nor one that a running process uses. */
export async function pruneAssemblies(cache: string, current: string): Promise<void> {
  const names = await readdir(cache);
  const entries = await Promise.all(
    names.map(async (name): Promise<Entry> => {
      const directory = path.join(cache, name);
      const found = await stat(directory).catch(() => undefined);
      return { directory, usedAtMs: found?.mtimeMs ?? 0 };
    }),
  );
  const isTemporary = ({ directory }: Entry) => path.basename(directory).startsWith(TEMPORARY_PREFIX);
  const abandoned = entries.filter(
    (entry) => isTemporary(entry) && entry.usedAtMs < Date.now() - ABANDONED_AFTER_MS,
  );
  const old = entries
    .filter((entry) => !isTemporary(entry))
    .sort((a, b) => b.usedAtMs - a.usedAtMs)
    .slice(MAX_ASSEMBLIES);
  for (const { directory } of [...abandoned, ...old]) {
    if (directory === current || (await isInUse(directory))) continue;
    await rm(directory, { recursive: true, force: true });
  }
}
