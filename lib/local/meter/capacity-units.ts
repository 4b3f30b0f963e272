import { isDeepStrictEqual } from 'node:util';
import type { Item } from './item-size.ts';
import { itemSize } from './item-size.ts';
import type { MeteredIndex, MeteredTable } from './table-keys.ts';
import { indexEntry } from './table-keys.ts';

/** Capacity that calls have consumed. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

export const NO_UNITS: Units = { read: 0, write: 0 };

const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;
/** A transaction prepares and commits each item. */
export const TRANSACTION_FACTOR = 2;
const EVENTUAL_FACTOR = 0.5;

/** Write units for an item of this size; a write of nothing costs one too. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

/** Read units for this many bytes; a read of nothing costs as much as one of the smallest item. */
export function readUnits(bytes: number, consistency: 'strong' | 'eventual'): number {
  const units = Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
  return consistency === 'strong' ? units : units * EVENTUAL_FACTOR;
}

/** Whichever is larger of the item before and after the write. */
export function tableWriteUnits(before: Item | undefined, after: Item | undefined): number {
  return writeUnits(Math.max(itemSize(before ?? {}), itemSize(after ?? {})));
}

function oneIndexWriteUnits(index: MeteredIndex, before: Item | undefined, after: Item | undefined): number {
  const old = indexEntry(index, before);
  const fresh = indexEntry(index, after);
  if (isDeepStrictEqual(old, fresh)) return 0;
  if (old === undefined || fresh === undefined) return writeUnits(itemSize(old ?? fresh ?? {}));
  const isMoved = index.keys.some((key) => !isDeepStrictEqual(old[key], fresh[key]));
  // An entry whose key changes is removed and put again.
  if (isMoved) return writeUnits(itemSize(old)) + writeUnits(itemSize(fresh));
  return writeUnits(Math.max(itemSize(old), itemSize(fresh)));
}

/** Units that the indexes of a table consume for a write; indexes follow by themselves, also a transaction. */
export function indexWriteUnits(
  { indexes }: MeteredTable,
  before: Item | undefined,
  after: Item | undefined,
): number {
  return indexes.reduce((total, index) => total + oneIndexWriteUnits(index, before, after), 0);
}
