/** The files of the project as they lie on disk: no Git, so that an exported copy can be checked too. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Folders that no check looks into: what Git ignores, and Git's own. */
const SKIPPED: ReadonlySet<string> = new Set([
  '.git',
  ...readFileSync('.gitignore', 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/'))
    .map((line) => line.slice(0, -1)),
]);

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path.split(sep).join('/')];
  });
}

/** Every file of the project by its path from the root, sorted. */
export const FILES: readonly string[] = walk('.').sort();

const contents = new Map<string, string>();

/** The text of a file; each is read once. */
export function textOf(path: string): string {
  const known = contents.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(path, 'utf8');
  contents.set(path, text);
  return text;
}

/** Files within some folders. */
export const filesIn = (...folders: readonly string[]): string[] =>
  FILES.filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)));

const isCode = (path: string): boolean => /\.(ts|mjs|cjs)$/.test(path);

/** What runs: commands, library and functions. */
export const SOURCES = filesIn('bin', 'lib', 'lambdas').filter(isCode);

/** All code, tests and tool configuration included. */
export const CODE = FILES.filter(isCode);

/** What people read. */
export const DOCUMENTS = FILES.filter((path) => path.endsWith('.md'));

/** Lines of a text, a last line break not counted as the start of another. */
export const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n');
