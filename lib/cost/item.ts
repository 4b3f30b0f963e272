import type { PriceName } from './price-list.ts';

/** So much of something, at a price. */
export interface Item {
  readonly part: string;
  readonly what: string;
  readonly price: PriceName;
  /** How many of the price's units in a month. */
  readonly quantity: number;
}
