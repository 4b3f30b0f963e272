/** The records of a file that another system wrote, one after another: the file never lies in memory. */
import { addAbortSignal, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type InfoRecord, parse } from 'csv-parse';
import { UsageError } from '../command-line/usage-error.ts';
import { openFile } from './open-file.ts';
import { readJsonLines } from './read-json-lines.ts';
import { type FileRecord, RECORD_CHARACTERS_MAX } from './record.ts';

export const FORMATS = ['csv', 'jsonl'] as const;
export type Format = (typeof FORMATS)[number];

/** Instead of the name of a file: what is piped in. */
export const STDIN = '-';

export interface RecordSource {
  /** `-`: what is piped in. Gzipped, if its name ends in `.gz`. */
  readonly file: string;
  readonly format: Format;
  readonly stdin: Readable;
  /** Ends the reading: what was read until then is the whole of it. */
  readonly signal?: AbortSignal;
}

const CSV_OPTIONS = {
  columns: true,
  bom: true,
  trim: true,
  skip_empty_lines: true,
  // A row with too few or too many fields, or with a stray quote, is one bad row and never the end of the file.
  relax_column_count: true,
  relax_quotes: true,
  max_record_size: RECORD_CHARACTERS_MAX,
} as const;

/** Cells that are empty say nothing: their fields are absent. */
function fieldsOf(record: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== undefined && cell !== ''));
}

const isMarked = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string';

/** What stands in the file is broken; anything else is a file that cannot be read. */
const isBrokenText = ({ code }: { readonly code: string }): boolean =>
  code.startsWith('CSV_') || code.startsWith('Z_');

function csvRecord(
  record: Readonly<Record<string, unknown>>,
  { lines: line, error }: InfoRecord,
): FileRecord {
  if (error === undefined) return { line, fields: fieldsOf(record) };
  return { line, problem: 'has not as many fields as the first line' };
}

/**
 * The parser is fed by hand: what it has found in a piece of text is taken before its failure is, which as a stream it
 * would throw away together with all that nobody has read yet.
 */
async function* readCsv(text: Readable): AsyncGenerator<FileRecord> {
  const found: FileRecord[] = [];
  const parser = parse({
    ...CSV_OPTIONS,
    onRecord: (record: Readonly<Record<string, unknown>>, context) => {
      found.push(csvRecord(record, context));
      return null;
    },
  });
  const ended = finished(parser.resume());
  // It is awaited at the end; until then nobody may call it unhandled.
  ended.catch(() => undefined);
  for await (const piece of text) {
    parser.write(piece);
    yield* found.splice(0);
    if (parser.destroyed) break;
  }
  parser.end();
  try {
    await ended;
  } finally {
    yield* found.splice(0);
  }
}

function openText({ file, stdin, signal }: RecordSource): Readable {
  const text = file === STDIN ? stdin : openFile(file);
  return signal === undefined ? text : addAbortSignal(signal, text);
}

/**
 * Reads records in the order of the file. Where it cannot be read on, that is the last record.
 *
 * @throws UsageError when the file cannot be opened.
 */
export async function* readRecords(source: RecordSource): AsyncGenerator<FileRecord> {
  let line = 0;
  try {
    const text = openText(source);
    for await (const record of source.format === 'csv' ? readCsv(text) : readJsonLines(text)) {
      line = record.line;
      yield record;
    }
  } catch (cause) {
    if (source.signal?.aborted) return;
    if (!isMarked(cause)) throw cause;
    // What was read is good; only what stands behind cannot be told apart.
    if (!isBrokenText(cause)) {
      throw new UsageError(`${source.file} cannot be read: ${cause.message}`, { cause });
    }
    yield { line: line + 1, problem: `cannot be read, nor can what follows: ${cause.message}` };
  }
}
