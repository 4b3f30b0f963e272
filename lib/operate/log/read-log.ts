/** Reads the files of the log as they lie in a folder, line by line: a log is larger than any memory. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { LogEntry } from '../../application/spine-ports.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { logEntry } from './log-entry-schema.ts';

/** Where the log has its files, below whatever folder. */
const LOG_FILE = /(^|\/)changes\/kind=(movement|reservation)\/date=\d{4}-\d{2}-\d{2}\/[^/]+$/;

/** What was read: an entry, or a line that is none, by file and line. */
export type LogLine = { readonly entry: LogEntry } | { readonly unreadable: string };

/**
 * The files of a log, in order.
 *
 * @throws UsageError when there are none.
 */
export async function findLogFiles(folder: string): Promise<string[]> {
  const root = resolve(folder);
  const found = await readdir(root, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new UsageError(`${folder} cannot be read; name the folder of the log with --from.`, { cause });
  });
  const files = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => LOG_FILE.test(path.split(sep).join('/')));
  if (files.length > 0) return files.sort();
  throw new UsageError(
    `There is no log below ${folder}: its files are called changes/kind=movement/date=2026-11-24/… there.`,
  );
}

function parseLine(line: string): LogEntry | undefined {
  try {
    return logEntry.safeParse(JSON.parse(line)).data;
  } catch {
    // Not even JSON: a file that was cut off ends so.
    return undefined;
  }
}

/** The lines of a file. Throws behind the last that can be read, if the file is broken there. */
function linesOf(path: string): AsyncIterable<string> {
  const bytes = createReadStream(path);
  // A pipeline passes on what goes wrong further up: a pipe would leave the reader waiting for ever.
  const input = path.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

/** Reads one file. What cannot be read is told and passed over. */
export async function* readLogFile(path: string, folder: string): AsyncGenerator<LogLine> {
  const name = relative(folder, path);
  let number = 0;
  try {
    for await (const line of linesOf(path)) {
      number += 1;
      if (line.trim() === '') continue;
      const entry = parseLine(line);
      yield entry === undefined ? { unreadable: `${name}:${number}` } : { entry };
    }
  } catch {
    yield { unreadable: `${name}:${number + 1}` };
  }
}
