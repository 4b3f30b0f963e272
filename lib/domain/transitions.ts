/**
 * The state machine of a reservation. Each transition is declared once, as data: from which states, and on
 * which side of the expiry. `refusalOf` runs the declaration; `guardOf` turns it into the conditions of a
 * guarded write. `docs/state-machine.md` shows the same as a chart, and a test compares the two.
 */
import type { Condition } from './guarded-write.ts';
import { HISTORY_MAX } from './limits.ts';
import type { Rejection } from './rejection.ts';
import type { HistoryEntry, Reservation, ReservationStatus } from './reservation.ts';

export type TransitionName = HistoryEntry['did'];

export interface Transition {
  readonly from: readonly ReservationStatus[];
  readonly to: readonly ReservationStatus[];
  /** `before`: only while the hold lives. `after`: only when it is past. */
  readonly expiry: 'before' | 'after' | 'any';
  /** Code of the refusal from any other state. */
  readonly refusal: 'reservation_not_held' | 'invalid_transition';
}

export const TRANSITIONS: Record<TransitionName, Transition> = {
  confirm: { from: ['held'], to: ['confirmed'], expiry: 'before', refusal: 'reservation_not_held' },
  /** Only the worker of the order queue decides whether a queued confirmation is made; until then nothing changes. */
  queue: { from: ['held'], to: ['held'], expiry: 'before', refusal: 'reservation_not_held' },
  refuse: {
    from: ['held', 'released', 'expired'],
    to: ['held', 'released', 'expired'],
    expiry: 'any',
    refusal: 'invalid_transition',
  },
  release: { from: ['held'], to: ['held', 'released'], expiry: 'before', refusal: 'reservation_not_held' },
  extend: { from: ['held'], to: ['held'], expiry: 'before', refusal: 'reservation_not_held' },
  expire: { from: ['held'], to: ['expired'], expiry: 'after', refusal: 'reservation_not_held' },
  cancel: {
    from: ['confirmed', 'partially_shipped'],
    to: ['cancelled', 'shipped'],
    expiry: 'any',
    refusal: 'invalid_transition',
  },
  ship: {
    from: ['confirmed', 'partially_shipped'],
    to: ['partially_shipped', 'shipped'],
    expiry: 'any',
    refusal: 'invalid_transition',
  },
};

/**
 * An expiry must always find room: a hold that cannot end would keep its units for ever. So must the refusal of a
 * queued confirmation: one that cannot fail visibly would be judged for ever.
 */
const ALWAYS_FINDS_ROOM: readonly TransitionName[] = ['expire', 'refuse'];

/** The state a caller sees: a hold past its expiry is expired at once, whether it was swept or not. */
export function shownStatus(
  { status, expiresAtMs }: { readonly status: ReservationStatus; readonly expiresAtMs: number },
  nowMs: number,
): ReservationStatus {
  return status === 'held' && nowMs >= expiresAtMs ? 'expired' : status;
}

type Guarded = Pick<Reservation, 'status' | 'expiresAtMs' | 'history'>;

/** Why a transition may not happen to a reservation now; `undefined` when it may. */
export function refusalOf(name: TransitionName, reservation: Guarded, nowMs: number): Rejection | undefined {
  const { from, expiry, refusal } = TRANSITIONS[name];
  const shown = shownStatus(reservation, nowMs);
  if (expiry === 'before' && shown === 'expired') {
    return { code: 'reservation_expired', detail: 'The hold has expired and its units are given back.' };
  }
  const tooEarly = expiry === 'after' && nowMs < reservation.expiresAtMs;
  if (!from.includes(reservation.status) || tooEarly) {
    return { code: refusal, detail: `The reservation is ${shown}; it must be ${from.join(' or ')}.` };
  }
  if (!ALWAYS_FINDS_ROOM.includes(name) && reservation.history.length >= HISTORY_MAX) {
    const detail = `The reservation has been changed ${HISTORY_MAX} times; place a new one for what is left.`;
    return { code: 'history_limit', detail };
  }
  return undefined;
}

/** The same rule as conditions on the stored record. */
export function guardOf(name: TransitionName, nowMs: number): Condition[] {
  const { from, expiry } = TRANSITIONS[name];
  const conditions: Condition[] = [{ is: 'oneOf', field: 'status', values: from }];
  if (expiry === 'before') conditions.push({ is: 'greater', field: 'expiresAtMs', value: nowMs });
  if (expiry === 'after') conditions.push({ is: 'notAbove', field: 'expiresAtMs', value: nowMs });
  if (!ALWAYS_FINDS_ROOM.includes(name))
    conditions.push({ is: 'sizeBelow', field: 'history', value: HISTORY_MAX });
  return conditions;
}
