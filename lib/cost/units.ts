/**
 * What each operation asks of the database, by AWS's rules, as the meter of the embedded stack counts it: with what the
 * functions behind the stream do afterwards, and with the writes of the indexes. `test/e2e/units.e2e.test.ts` measures
 * them again and compares.
 */

/** Units of an operation with one line, and what each further line adds. */
interface LineUnits {
  readonly first: number;
  readonly further: number;
}

export interface OperationUnits {
  readonly writes: LineUnits;
  readonly reads: LineUnits;
}

export type OperationName = 'hold' | 'confirm' | 'ship' | 'release' | 'expire' | 'receipt' | 'read';

/** Lines are of different skus at one location. Reads are of one sku, without the environment's memory. */
export const UNITS: Record<OperationName, OperationUnits> = {
  hold: { writes: { first: 8.2, further: 3.1 }, reads: { first: 0.8, further: 0.6 } },
  confirm: { writes: { first: 5.2, further: 0.65 }, reads: { first: 2.4, further: 0.1 } },
  ship: { writes: { first: 12.4, further: 8.5 }, reads: { first: 2.0, further: 0.8 } },
  release: { writes: { first: 6.2, further: 3.4 }, reads: { first: 1.1, further: 0.15 } },
  expire: { writes: { first: 4.4, further: 1.25 }, reads: { first: 2.7, further: 0 } },
  receipt: { writes: { first: 11.1, further: 0 }, reads: { first: 1.2, further: 0 } },
  read: { writes: { first: 0, further: 0 }, reads: { first: 1, further: 0 } },
};

/** Units of one operation with so many lines. */
export function unitsOf(
  name: OperationName,
  lines: number,
): { readonly writes: number; readonly reads: number } {
  const { writes, reads } = UNITS[name];
  const total = ({ first, further }: LineUnits) => first + further * (lines - 1);
  return { writes: total(writes), reads: total(reads) };
}
