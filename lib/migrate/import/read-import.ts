import { joinLines } from '../join-lines.ts';
import { type RecordSource, readRecords } from '../read-records.ts';
import type { FileRecord } from '../record.ts';
import { withValuesOfCells } from '../row-fields.ts';
import { type BadRow, type ImportRow, judgeImportRow, KINDS, type Kind } from './import-row.ts';

type Fields = Readonly<Record<string, unknown>>;

const isKind = (kind: unknown): kind is Kind => KINDS.some((known) => known === kind);

/** Rows of a reservation belong together by its id. */
const groupOf = (fileKind: Kind | undefined) => (fields: Fields) =>
  (fields['kind'] ?? fileKind) === 'reservations' ? String(fields['id']) : undefined;

/** The kind is that of the file, or each row has its own. */
function judge(record: FileRecord, fileKind: Kind | undefined): ImportRow | BadRow {
  const { line } = record;
  if ('problem' in record) return { line, kind: fileKind, id: undefined, problem: record.problem };
  const { kind = fileKind, ...fields } = record.fields;
  if (isKind(kind)) return judgeImportRow(line, kind, fields);
  return { line, kind: undefined, id: undefined, problem: `kind must be one of ${KINDS.join(', ')}` };
}

/** Reads the rows of an import in the order of their file, good and bad ones. */
export async function* readImport(
  source: RecordSource,
  kind: Kind | undefined,
): AsyncGenerator<ImportRow | BadRow> {
  const records = readRecords(source);
  const whole = source.format === 'csv' ? joinLines(withValuesOfCells(records), groupOf(kind)) : records;
  for await (const record of whole) yield judge(record, kind);
}
