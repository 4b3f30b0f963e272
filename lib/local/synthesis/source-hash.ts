import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

async function filesUnder(entry: string): Promise<string[]> {
  const found = await stat(entry).catch(() => undefined);
  if (found === undefined) return [];
  if (!found.isDirectory()) return [entry];
  const entries = await readdir(entry, { recursive: true, withFileTypes: true });
  return entries.filter((inner) => inner.isFile()).map((inner) => path.join(inner.parentPath, inner.name));
}

/**
 * A hash over the names and contents of files and folders, and over a text that stands for everything else the
 * result depends on. A source that does not exist counts as empty.
 */
export async function hashSources(root: string, sources: readonly string[], rest: string): Promise<string> {
  const lists = await Promise.all(sources.map((source) => filesUnder(path.join(root, source))));
  const files = lists.flat().sort();
  const hash = createHash('sha256').update(rest);
  const contents = await Promise.all(files.map((file) => readFile(file)));
  for (const [index, file] of files.entries()) {
    hash.update(`\0${path.relative(root, file)}\0`).update(contents[index] ?? '');
  }
  return hash.digest('hex').slice(0, 16);
}
