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

/**
 * Lines are of different skus at one location, and nothing else happens to these skus meanwhile: the read model is
 * written once for each change of each sku. Changes of one sku in one second share that write. Reads are of one sku,
 * without the environment's memory. A reservation of one line grows above 1 KB when it is confirmed, with a reference and
 * an order id of a dozen letters: that is one unit of the confirmation, and two of the shipment.
 */
const UNITS: Record<OperationName, OperationUnits> = {
  hold: { writes: { first: 9, further: 4 }, reads: { first: 1.15, further: 1 } },
  confirm: { writes: { first: 7, further: 1 }, reads: { first: 3.7, further: 1.5 } },
  ship: { writes: { first: 15, further: 8 }, reads: { first: 3.2, further: 2.15 } },
  release: { writes: { first: 7, further: 4 }, reads: { first: 2, further: 1 } },
  expire: { writes: { first: 7.1, further: 4 }, reads: { first: 3.15, further: 1 } },
  receipt: { writes: { first: 12, further: 0 }, reads: { first: 2.15, further: 0 } },
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

/**
 * What a hold of a tenant with caps and its end cost more: the reads before it, and the lists that the stream keeps, of
 * the reference and now and then of the tenant.
 */
export const CAPPED_UNITS = {
  hold: { writes: 1.2, reads: 1.5 },
  release: { writes: 1.2, reads: 0.65 },
} as const;

/** The authorizer looks a key up that neither it nor the gateway remembers. */
export const KEY_READ_UNITS = 1;

/** A look of a region's sweep that finds nothing, every five seconds: its sign of life, and the watermark for it. */
export const IDLE_LOOK_UNITS = { writes: 2, reads: 11 } as const;
/** And it looks what the other regions have to say. Measured with three regions, by hand. */
export const IDLE_READS_FOR_EACH_OTHER_REGION = 1.5;
