/**
 * What the order queue made of a confirmation. One record for each reservation that was confirmed under an order id,
 * or was to be: two regions may confirm under the same one, and each writes its own record.
 */
import type { Rejection } from './rejection.ts';

/** Why a confirmation was not made: as the caller of a plain one is told. */
export interface OrderFailure {
  readonly code: Rejection['code'];
  readonly detail: string;
}

export interface OrderKey {
  readonly tenantId: string;
  readonly orderId: string;
  /** The region of the reservation. */
  readonly region: string;
  /** Of the reservation. */
  readonly keyHash: string;
}

export interface Order extends OrderKey {
  readonly reservationId: string;
  readonly status: 'accepted' | 'failed';
  /** Why it failed. */
  readonly failure?: OrderFailure;
  /** When the confirmation was made or refused; what happened later is in the history of the reservation. */
  readonly decidedAtMs: number;
  /** When the queue's worker recorded it. */
  readonly recordedAtMs: number;
  /** Up by 1 with every change: an order that failed may be accepted later. */
  readonly version: number;
}
