import { createReadStream } from 'node:fs';
import { PassThrough, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { UsageError } from '../command-line/usage-error.ts';
import { InvoiceCollector, type InvoiceFile } from './collect-invoices.ts';
import { REQUIRED_COLUMNS, type Row } from './judge-row.ts';

export interface ReadOptions {
  /** A CSV file, gzipped if its name ends in `.gz`. */
  readonly file: string;
  /** Stop after this many invoices and cancellations. @default all */
  readonly limit?: number | undefined;
  /** Called now and then with the number of rows read. */
  readonly onRows?: (rows: number) => void;
}

/** Rows between two calls of `onRows`. */
const ROWS_PER_NOTE = 1000;

const PARSER_OPTIONS = {
  columns: true,
  bom: true,
  // A row with too few or too many fields, or with a stray quote, is one bad row and never the end of the file.
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
} as const;

function checkHeader(row: Row, file: string): void {
  const missing = REQUIRED_COLUMNS.filter((name) => !(name in row));
  if (missing.length > 0) throw new UsageError(`${file} has no column ${missing.join(', ')}.`);
}

async function collect(rows: AsyncIterable<Row>, options: ReadOptions): Promise<InvoiceCollector> {
  const collector = new InvoiceCollector(options.limit);
  for await (const row of rows) {
    if (collector.rows === 0) checkHeader(row, options.file);
    if (!collector.add(row)) break;
    if (collector.rows % ROWS_PER_NOTE === 0) options.onRows?.(collector.rows);
  }
  return collector;
}

const isFileProblem = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string';

/**
 * Reads a file of invoice lines, in its order.
 *
 * @throws UsageError when the file cannot be read or lacks a column.
 */
export async function readInvoices(options: ReadOptions): Promise<InvoiceFile> {
  const { file } = options;
  const unpack = file.endsWith('.gz') ? createGunzip() : new PassThrough();
  try {
    // Whatever fails ends the last stream with its error, and the loop that reads it throws that.
    const rows = pipeline(createReadStream(file), unpack, parse(PARSER_OPTIONS), () => undefined);
    return (await collect(rows, options)).finish();
  } catch (cause) {
    // Streams, zlib and the parser all mark their failures with a code; anything else is a bug of ours.
    if (!isFileProblem(cause)) throw cause;
    throw new UsageError(`${file} cannot be read: ${cause.message}`);
  }
}
