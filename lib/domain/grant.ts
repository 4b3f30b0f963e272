/**
 * Units on their way between two quotas. A grant takes them from the giver's quota in the same transaction; its
 * acceptance adds them to the taker's quota in another. Nothing but the grant is needed to accept it, and the
 * acceptance, stored once under the grant's id, makes that happen once, whoever tries and however often.
 */

/** Why units move. */
export type GrantReason = 'hold' | 'home' | 'rebalance' | 'drain';

/**
 * Written in the region that gives. Nothing of it changes but when it is looked at; the giver deletes it when it sees
 * the acceptance.
 */
export interface Grant {
  readonly tenantId: string;
  readonly sku: string;
  readonly locationId: string;
  readonly grantId: string;
  /** The region that gives. */
  readonly from: string;
  /** The region that takes. */
  readonly to: string;
  /** The location's home region: where units go that the taker must not keep. */
  readonly home: string;
  readonly quantity: number;
  readonly reason: GrantReason;
  readonly grantedAtMs: number;
  /** When the giver looks next whether it was accepted, should the streams have failed to tell. */
  readonly checkDueAtMs: number;
}

/**
 * Written in the region that takes. It outlives its grant, so that a copy of the grant that comes late is not
 * accepted twice.
 */
export interface Acceptance {
  readonly tenantId: string;
  readonly sku: string;
  readonly locationId: string;
  readonly grantId: string;
  readonly from: string;
  readonly to: string;
  readonly quantity: number;
  readonly acceptedAtMs: number;
  /** When the sweep of the taker looks next whether the grant is gone for good. */
  readonly checkDueAtMs: number;
  /** Since when the taker's replica has been without the grant. */
  readonly absentSinceMs?: number;
}
