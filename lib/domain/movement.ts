/** The ledger: one immutable movement for each change of on-hand. */

/** What a caller may book. */
export type BookableMovementType = 'receipt' | 'return' | 'write_off' | 'adjustment' | 'count';
/** What the ledger holds: also what shipments book. */
export type MovementType = BookableMovementType | 'shipment';

export interface Movement {
  readonly tenantId: string;
  readonly sku: string;
  readonly occurredAtMs: number;
  readonly movementId: string;
  readonly locationId: string;
  readonly type: MovementType;
  /** As the caller gave it: for a count, the counted on-hand. */
  readonly quantity: number;
  /** What it did to on-hand. The deltas of a location's ledger add up to its on-hand. */
  readonly delta: number;
  readonly onHandAfter: number;
  /** The home region of the location, which booked it. */
  readonly region?: string;
  /** The version of the stock that it made. */
  readonly stockVersion?: number;
  /** The key that booked it, or the reservation that shipped. */
  readonly actor: string;
  readonly reason?: string;
  readonly reference?: string;
}

/** Remembers what an idempotency key booked, so that a retry is answered with it. */
export interface MovementReceipt {
  readonly tenantId: string;
  readonly keyHash: string;
  /** The location's home region, which books and stores it. */
  readonly region: string;
  readonly fingerprint: string;
  readonly movement: Movement;
}

/** Reason of the adjustment that is booked when more is shipped than was counted. */
export const SHIPPED_UNCOUNTED = 'shipped_uncounted';
