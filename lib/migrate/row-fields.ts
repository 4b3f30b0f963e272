/** What a file says in text, as the values that the contracts of the API take. */
import type * as z from 'zod';
import type { FileRecord } from './record.ts';

const NUMBER = /^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$/;

/** Columns that are numbers. What is no number stays as it is, and the contract says what it should be. */
const NUMERIC: ReadonlySet<string> = new Set([
  'safetyStock',
  'priority',
  'latitude',
  'longitude',
  'quantity',
  'ttlSeconds',
  'available',
]);

/** Columns that are maps, one column for each key: `metadata.channel`. */
const MAPS: ReadonlySet<string> = new Set(['attributes', 'metadata']);

function valueOfCell(name: string, cell: unknown): unknown {
  const isNumber = NUMERIC.has(name) && typeof cell === 'string' && NUMBER.test(cell);
  return isNumber ? Number(cell) : cell;
}

/** The fields of a row of CSV: numbers are numbers, and columns with a dot are put together to maps. */
function fieldsOfCells(cells: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  const maps: Record<string, Record<string, unknown>> = {};
  for (const [column, cell] of Object.entries(cells)) {
    const dot = column.indexOf('.');
    const map = column.slice(0, Math.max(dot, 0));
    if (!MAPS.has(map)) {
      fields[column] = valueOfCell(column, cell);
      continue;
    }
    maps[map] ??= {};
    maps[map][column.slice(dot + 1)] = cell;
  }
  return { ...fields, ...maps };
}

/** Rows of CSV with the values that their cells stand for. */
export async function* withValuesOfCells(records: AsyncIterable<FileRecord>): AsyncGenerator<FileRecord> {
  for await (const record of records) {
    yield 'fields' in record ? { line: record.line, fields: fieldsOfCells(record.fields) } : record;
  }
}

/** Enough to mend a row; the rest shows when it is tried again. */
const REASONS_MAX = 3;

/** What is wrong with a row, in one line. */
export function reasonOf(error: z.ZodError): string {
  return error.issues
    .slice(0, REASONS_MAX)
    .map((issue) => {
      const path = issue.path.map(String).join('.');
      if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: no such field`;
      return path === '' ? issue.message : `${path} ${issue.message}`;
    })
    .join('; ');
}
