import type { HoldsKey, OpenHolds } from '../domain/open-holds.ts';

/** `refused`: nothing was written; `there` is what the database decided on, absent if there is none. */
export type PutHolds =
  | { readonly outcome: 'stored' }
  | { readonly outcome: 'refused'; readonly there: OpenHolds | undefined };

/**
 * Where a region keeps the open holds that it has heard of: written by its stream, read before a hold.
 *
 * Every method throws a `StoreUnavailableError` when the database cannot be reached or keeps failing.
 */
export interface HoldBook {
  /** Eventual; the answer has an entry for each key, in order. */
  read(keys: readonly HoldsKey[]): Promise<readonly (OpenHolds | undefined)[]>;
  /** Stores a list if the one there still has the version before it, or there is none and it is the first. */
  put(holds: OpenHolds): Promise<PutHolds>;
}
