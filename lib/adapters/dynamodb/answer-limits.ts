/** How much one answer of a store brings. Both stores hold to it. */

/** The most a caller may ask for at once; the API allows less. */
const PAGE_LIMIT_MAX = 1_000;
/** What one look for due work brings: the sweep works it off and looks again. */
export const DUE_BATCH_MAX = 500;
/** An order is one reservation, or a few where it was split; no caller can use more than this at once. */
export const ORDER_RESERVATIONS_MAX = 1_000;

/** @throws an Error for a page that is empty or too large. */
export function assertLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= PAGE_LIMIT_MAX) return;
  throw new Error(`A page has 1 to ${PAGE_LIMIT_MAX} items, not ${limit}`);
}
