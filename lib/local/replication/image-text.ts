import type { WireImage } from '../streams/stream-record.ts';

const SETS = new Set(['SS', 'NS', 'BS']);

/** Attribute names and elements of sets have no order, and the database keeps none. */
function inOrder(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return SETS.has(key) ? [...value].sort() : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** A text that is the same for equal items, and for equal keys; that of no item is empty. */
export function imageText(image: WireImage | undefined): string {
  return image === undefined ? '' : JSON.stringify(image, inOrder);
}
