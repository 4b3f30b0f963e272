/** What every protocol of the comparison does, each in its own way. */
import type { Purchase } from './scenario.ts';

/** What became of a hold. */
export type Held =
  /** `isLocal`: nothing was asked of another region. */
  | { readonly outcome: 'held'; readonly id: string; readonly isLocal: boolean }
  /** Sold out. */
  | { readonly outcome: 'refused'; readonly isLocal: boolean }
  /** Nobody could say: a region was out of reach, or too many were in the way. */
  | { readonly outcome: 'failed'; readonly isLocal: boolean };

export interface Protocol {
  readonly name: string;
  /** Brings the first units of every sku. */
  open(): Promise<void>;
  /** Places a hold; never rejects. */
  hold(purchase: Purchase): Promise<Held>;
  /** Confirms it, from the region of the shopper. @returns whether that was done. */
  confirm(purchase: Purchase, id: string): Promise<boolean>;
  ship(purchase: Purchase, id: string): Promise<void>;
  release(purchase: Purchase, id: string): Promise<void>;
  restock(sku: string, units: number): Promise<void>;
  /** Units of a sku that anybody could hold now, wherever they are: known to nobody within. */
  free(sku: string): number;
  /** Hears of every change of that number. */
  onFree(listener: (sku: string, free: number) => void): void;
  /** Nothing is scheduled any more that goes on for ever. */
  close(): void;
}
