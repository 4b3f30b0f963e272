/**
 * Why a request had no effect. Expected outcomes are returned, never thrown. When several apply, the first in
 * the order of this union is the answer (`docs/errors.md` lists the same order): a replay comes before all of
 * them, because the request that took the last unit must be answered as it was the first time.
 */
export type Rejection =
  | { readonly code: 'version_mismatch'; readonly detail: string }
  | { readonly code: 'idempotency_key_reused'; readonly detail: string }
  | { readonly code: 'validation_failed'; readonly detail: string; readonly path: string }
  | { readonly code: 'not_found'; readonly detail: string }
  | { readonly code: 'unknown_sku'; readonly detail: string; readonly sku: string }
  | { readonly code: 'unknown_location'; readonly detail: string; readonly locationId: string }
  /** A cap on open holds. Nothing was taken. */
  | {
      readonly code: 'rate_limited';
      readonly detail: string;
      readonly limit: 'open_holds' | 'reference_holds' | 'sku_share';
      readonly retryAfterMs: number;
    }
  | { readonly code: 'product_in_use'; readonly detail: string }
  | { readonly code: 'location_region_fixed'; readonly detail: string }
  | { readonly code: 'tenant_exists'; readonly detail: string }
  | { readonly code: 'webhook_limit'; readonly detail: string }
  | { readonly code: 'reservation_expired'; readonly detail: string }
  | { readonly code: 'reservation_not_held'; readonly detail: string }
  | { readonly code: 'invalid_transition'; readonly detail: string }
  | { readonly code: 'quantity_exceeds_reservation'; readonly detail: string }
  | { readonly code: 'extension_limit'; readonly detail: string }
  | { readonly code: 'history_limit'; readonly detail: string }
  | {
      readonly code: 'insufficient_stock';
      readonly detail: string;
      readonly lines?: readonly ShortLine[];
    }
  | { readonly code: 'too_many_allocations'; readonly detail: string }
  /** Others were changing the same items, longer than we were willing to wait. Nothing was changed. */
  | { readonly code: 'contended'; readonly detail: string }
  /** The region that owns the item cannot be reached from here. Nothing was changed. */
  | { readonly code: 'region_unavailable'; readonly detail: string };

/** A line that could not be met. `held`: the open holds of others would suffice. */
export interface ShortLine {
  readonly sku: string;
  readonly locationId?: string;
  readonly requested: number;
  readonly available: number;
  readonly reason: 'sold_out' | 'held';
  /** The earliest expiry among those holds. */
  readonly nextReleaseAtMs?: number;
}

/** What every use case returns: its value, or why it had no effect. */
export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly rejection: Rejection };

export const succeed = <Value>(value: Value): Result<Value> => ({ ok: true, value });
export const reject = (rejection: Rejection): { ok: false; rejection: Rejection } => ({
  ok: false,
  rejection,
});
