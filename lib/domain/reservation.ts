/**
 * A reservation as it is stored: what was asked and taken, which never changes, and the history of what
 * became of it. Each entry of the history keeps the idempotency key that made it, so every answer that was
 * ever given can be given again.
 */
import type { Rejection } from './rejection.ts';

/** One noun for each state; the chart is in `docs/state-machine.md`. */
export type ReservationStatus =
  | 'held'
  | 'confirmed'
  | 'partially_shipped'
  | 'shipped'
  | 'released'
  | 'expired'
  | 'cancelled';

/** Units taken from one quota. */
export interface Allocation {
  readonly locationId: string;
  /** The location's home region. */
  readonly region: string;
  readonly shard: number;
  readonly quantity: number;
}

export interface ReservationLine {
  readonly sku: string;
  /** Only when the caller asked for one. */
  readonly locationId?: string;
  /** Units asked for; with `allowPartial` the allocations may hold fewer. */
  readonly quantity: number;
  readonly allocations: readonly Allocation[];
}

/** Units of one allocation: index of the line, index of the allocation in it, quantity. */
export type AllocatedUnits = readonly [line: number, allocation: number, quantity: number];

/** Units of a line that a queued confirmation names. */
export interface QueuedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly locationId?: string;
}

interface EntryBase {
  readonly atMs: number;
  /** Hash of the idempotency key that made the change, with its path; absent for what the sweep did. */
  readonly keyHash?: string;
  readonly fingerprint?: string;
  /** The request that made it, as its caller knows it; of a verdict, the one that asked for it. */
  readonly requestId?: string;
}

/** One change. `HistoryEntry['did']` is the name of its transition. */
export type HistoryEntry = EntryBase &
  (
    | {
        readonly did: 'confirm';
        /** Only when the caller gave one. */
        readonly orderId?: string;
        readonly metadata?: Readonly<Record<string, string>>;
        /** What a partial confirmation left out; absent when all was confirmed. */
        readonly leftOut?: readonly AllocatedUnits[];
      }
    | {
        /** A confirmation was asked for and will be judged later. */
        readonly did: 'queue';
        readonly orderId?: string;
        readonly lines?: readonly QueuedLine[];
        readonly metadata?: Readonly<Record<string, string>>;
      }
    | {
        /** A queued confirmation was judged, and may not be. */
        readonly did: 'refuse';
        readonly code: Rejection['code'];
        readonly detail: string;
      }
    | { readonly did: 'release'; readonly units: readonly AllocatedUnits[] }
    | { readonly did: 'extend'; readonly expiresAtMs: number }
    | { readonly did: 'expire' }
    | { readonly did: 'cancel' }
    | {
        readonly did: 'ship';
        readonly units: readonly AllocatedUnits[];
        /** What the same call still has to ship: more locations than one transaction takes. */
        readonly rest?: readonly AllocatedUnits[];
        readonly carrier?: string;
        readonly trackingId?: string;
      }
  );

export interface Reservation {
  readonly tenantId: string;
  /** Hash of tenant and idempotency key: the record's key, so that storing it once is the idempotency check. */
  readonly keyHash: string;
  /** Random bits of the id. */
  readonly nonce: string;
  readonly fingerprint: string;
  /** The request that placed it, as its caller knows it. */
  readonly requestId?: string;
  /** The region whose quotas it took. */
  readonly region: string;
  readonly createdAtMs: number;
  /** As first promised; an extension does not change it. */
  readonly firstExpiresAtMs: number;
  readonly actor: string;
  readonly reference?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly lines: readonly ReservationLine[];

  readonly status: ReservationStatus;
  readonly expiresAtMs: number;
  /** Only when the caller gave one: an order is otherwise called as its reservation. */
  readonly orderId?: string;
  /**
   * When a confirmation was last queued; present from then on. A confirmation in place needs it absent: it cannot see
   * what the history knows of the key and of the order that waits.
   */
  readonly queuedAtMs?: number;
  /** 1 when created, up by 1 on every change: always one more than the history is long. */
  readonly version: number;
  readonly history: readonly HistoryEntry[];
}

/** Whether units are still promised to the reservation. */
export const isOpen = (status: ReservationStatus): boolean =>
  status === 'held' || status === 'confirmed' || status === 'partially_shipped';
