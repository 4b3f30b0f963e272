/**
 * The design that many begin with: stock, reservation, idempotency key and ledger entry in one transaction, for the hold
 * and again for the confirmation; each item of a transaction is two write units. Each further line has stock and a
 * ledger entry of its own.
 */
const ITEMS_OF_FIRST_LINE = 4;
const ITEMS_OF_FURTHER_LINE = 2;
const UNITS_PER_ITEM = 2;
const TRANSACTIONS_PER_ORDER = 2;

/** Write units of an order that is held and confirmed. One line: 16. */
export const naiveWritesOf = (lines: number): number =>
  (ITEMS_OF_FIRST_LINE + ITEMS_OF_FURTHER_LINE * (lines - 1)) * UNITS_PER_ITEM * TRANSACTIONS_PER_ORDER;
