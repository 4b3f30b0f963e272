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
  /**
   * Open holds of the tenant at once, in all regions together. A hold that is not confirmed takes stock from everybody
   * for up to a day; so many shoppers at the checkout at once are more than a shop of that tier has.
   */
  readonly openHolds: number;
  /** Open holds of one `reference`, which is a shopper or a cart: a cart has one, a nervous shopper with several windows a few. */
  readonly holdsPerReference: number;
  /** The share of a sku's units that the open holds of one reference may take: nobody locks a whole product away. */
  readonly unitsShare: number;
  /** So many units one reference may always hold: of a sku that has two left, one shopper may have both. */
  readonly unitsFloor: number;
}

/** `unlimited` is for the operator's own tenants: nothing is counted for it. */
export type LimitedTier = 'free' | 'standard' | 'premium';

/** A free tenant has a shop that tries Holdfast out, a standard one a busy shop, a premium one a marketplace. */
export const TIERS: Record<LimitedTier, TierLimits> = {
  free: {
    requestsPerSecond: 10,
    burst: 20,
    openHolds: 200,
    holdsPerReference: 10,
    unitsShare: 0.5,
    unitsFloor: 10,
  },
  standard: {
    requestsPerSecond: 100,
    burst: 200,
    openHolds: 5_000,
    holdsPerReference: 20,
    unitsShare: 0.5,
    unitsFloor: 20,
  },
  premium: {
    requestsPerSecond: 1_000,
    burst: 2_000,
    openHolds: 100_000,
    holdsPerReference: 50,
    unitsShare: 0.5,
    unitsFloor: 50,
  },
};

/** The limits of a tier; `undefined`: it has none. */
export const limitsOf = (tier: LimitedTier | 'unlimited'): TierLimits | undefined =>
  tier === 'unlimited' ? undefined : TIERS[tier];

/** Every tier has a usage plan of the gateway; operators use that of `unlimited`. */
export type PlanTier = LimitedTier | 'unlimited';

/** What the gateway lets through for all tenants of a tier together, in each region. */
export interface PlanThrottle {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/**
 * AWS lets an account have 10,000 requests a second in a region, and 5,000 at once, unless it raises the quota
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
 */
export const ACCOUNT_THROTTLE: PlanThrottle = { requestsPerSecond: 10_000, burst: 5_000 };

/**
 * The gateway's usage plans keep the tiers from each other: whatever the tenants of one tier send, the others' share of
 * the account's quota is left. The shares add up to nine tenths of it; the rest is for operators, for tenants without a
 * limit and for public routes. A share is a hundred free tenants, thirty standard ones or five premium ones at their
 * full rate: raise these with the account's quota.
 *
 * AWS calls usage plans best effort, so nothing is promised by them. A tenant's own limit is `TIERS`, which the functions
 * keep; a plan cannot, because a key of the gateway for each tenant would be a call to its control plane for each tenant
 * in each region.
 */
export const PLAN_THROTTLES: Record<PlanTier, PlanThrottle | undefined> = {
  free: { requestsPerSecond: 1_000, burst: 500 },
  standard: { requestsPerSecond: 3_000, burst: 1_500 },
  premium: { requestsPerSecond: 5_000, burst: 2_500 },
  unlimited: undefined,
};

/**
 * The gateway's key of a tier's usage plan. It is no secret: only the authorizer can name it, because the API takes keys
 * from there and not from callers. AWS wants 20 characters at least, and each value once in an account and region.
 */
export const planKey = (stage: string, tier: PlanTier): string => `holdfast-usage-plan-${stage}-${tier}`;
