/**
 * What a tenant of each tier may do, in each region for itself: regions do not ask each other before they answer. The
 * gateway's usage plans, the functions and the documents take it from here.
 *
 * It holds plain data and imports nothing, so that constructs and handlers may both use it.
 */

export interface TierLimits {
  /** Requests a second that a tenant may go on sending. */
  readonly requestsPerSecond: number;
  /** Requests that it may send at once after a pause. */
  readonly burst: number;
}

/** `unlimited` is for the operator's own tenants: nothing is counted for it. */
export type LimitedTier = 'free' | 'standard' | 'premium';

/** A free tenant has a shop that tries Holdfast out, a standard one a busy shop, a premium one a marketplace. */
export const TIERS: Record<LimitedTier, TierLimits> = {
  free: { requestsPerSecond: 10, burst: 20 },
  standard: { requestsPerSecond: 100, burst: 200 },
  premium: { requestsPerSecond: 1_000, burst: 2_000 },
};
