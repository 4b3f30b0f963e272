/** Tenants and their API keys. */

export type Tier = 'free' | 'standard' | 'premium' | 'unlimited';
export type Scope = 'read' | 'write' | 'admin';

export interface Tenant {
  readonly tenantId: string;
  readonly name: string;
  readonly tier: Tier;
  /** Where the tenant's catalogue and keys are written. */
  readonly homeRegion: string;
  readonly createdAtMs: number;
}

/**
 * The owner of operators' keys. No tenant can have this name (a tenant id starts with a letter or digit), so
 * an operator's key can never reach a tenant's records.
 */
export const OPERATOR_TENANT_ID = '~operator';

/**
 * The tenant of the canary, which holds a unit and releases it, minute by minute, to see whether that goes. What it does
 * is no trade: nobody is told of it, and no figure of the business counts it.
 */
export const CANARY_TENANT_ID = 'canary';

export interface ApiKey {
  readonly tenantId: string;
  readonly keyId: string;
  readonly scopes: readonly Scope[];
  readonly name?: string;
  /** SHA-256 of the whole key, base64url. The key itself is shown once and never stored. */
  readonly secretHash: string;
  readonly createdAtMs: number;
  readonly revokedAtMs?: number;
}

/** Who a key speaks for. */
export type Principal =
  | {
      readonly kind: 'tenant';
      readonly tenantId: string;
      readonly keyId: string;
      readonly scopes: readonly Scope[];
      /** What the tenant may do how often. */
      readonly tier: Tier;
    }
  | { readonly kind: 'operator'; readonly keyId: string };
