import { RESERVATION_LINES_MAX } from '../domain/limits.ts';
import type { FileRecord } from './record.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a row of CSV, with its sku as a line of the thing that the row is about. */
function withLines({ sku, quantity, locationId, ...rest }: Fields): Fields & { readonly lines: Fields[] } {
  if (sku === undefined) return { ...rest, lines: [] };
  return { ...rest, lines: [{ sku, quantity, ...(locationId === undefined ? {} : { locationId }) }] };
}

interface Open {
  readonly line: number;
  readonly group: string;
  readonly fields: ReturnType<typeof withLines>;
}

/** No line at all is not an empty list: it says nothing about lines. */
const closed = ({ line, fields: { lines, ...rest } }: Open): FileRecord => ({
  line,
  fields: lines.length === 0 ? rest : { ...rest, lines },
});

type GroupOf = (fields: Fields) => string | undefined;

/** Gathers the rows of one thing until a row of another one comes. */
class LineJoiner {
  readonly #groupOf: GroupOf;
  #open: Open | undefined;

  constructor(groupOf: GroupOf) {
    this.#groupOf = groupOf;
  }

  /** @returns what is whole now that this row has come. */
  add(record: FileRecord): FileRecord[] {
    const group = 'fields' in record ? this.#groupOf(record.fields) : undefined;
    if (!('fields' in record) || group === undefined) return [...this.end(), record];
    const fields = withLines(record.fields);
    if (this.#open?.group !== group) {
      const whole = this.end();
      this.#open = { line: record.line, group, fields };
      return whole;
    }
    // One more than there may be is enough for the whole to be refused.
    const { lines } = this.#open.fields;
    if (lines.length <= RESERVATION_LINES_MAX) lines.push(...fields.lines);
    return [];
  }

  end(): FileRecord[] {
    const whole = this.#open === undefined ? [] : [closed(this.#open)];
    this.#open = undefined;
    return whole;
  }
}

/**
 * Puts rows of CSV that follow each other and are about the same thing together: each has one line of it.
 *
 * @param groupOf what a row with lines is about; `undefined` for rows that have none.
 */
export async function* joinLines(
  records: AsyncIterable<FileRecord>,
  groupOf: GroupOf,
): AsyncGenerator<FileRecord> {
  const joiner = new LineJoiner(groupOf);
  for await (const record of records) yield* joiner.add(record);
  yield* joiner.end();
}
