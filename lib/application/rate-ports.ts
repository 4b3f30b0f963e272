/** What limiting requests needs from the world. */
import type { Take } from '../domain/token-bucket.ts';

/** `refused`: nothing was taken, and `fullAtMs` is what the database decided on; absent of a bucket never used. */
export interface Taken {
  readonly outcome: 'taken' | 'refused';
  readonly fullAtMs: number | undefined;
}

/** The buckets of a region's tenants, shared by all of its environments. */
export interface RateBuckets {
  /**
   * Takes tokens if the bucket allows it, in one call that is not repeated: whoever waits for it is a request.
   *
   * @throws StoreUnavailableError when the database cannot be reached in a fraction of the time a request has.
   */
  take(tenantId: string, take: Take): Promise<Taken>;
}
