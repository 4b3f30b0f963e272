/** Confirmations that are queued: asked for now, judged later. Neither the asking nor a refusal moves a unit. */
import { orderIdOf, pendingConfirmation } from './confirmations.ts';
import type { OrderFailure } from './order.ts';
import {
  type ConfirmCommand,
  changed,
  confirm,
  confirmedAlready,
  type Decide,
  rejected,
} from './reservation-changes.ts';
import { refusalOf } from './transitions.ts';

/**
 * Queues a confirmation. What it names is judged when it is processed, not now. One that is made already, or that
 * waits under the same order id, is not queued again.
 */
export const queueConfirmation =
  (command: ConfirmCommand): Decide =>
  (reservation, origin) => {
    if (confirmedAlready(reservation, command)) return { outcome: 'unchanged' };
    const pending = pendingConfirmation(reservation);
    if (pending?.orderId === orderIdOf(reservation, command)) return { outcome: 'unchanged' };
    const refusal = refusalOf('queue', reservation, origin.atMs);
    if (refusal !== undefined) return rejected(refusal);
    if (pending !== undefined) {
      const detail = 'A confirmation of the reservation under another order id is queued.';
      return rejected({ code: 'reservation_not_held', detail });
    }
    return changed(reservation, { ...origin, did: 'queue', ...command }, {});
  };

/** Ends a queued confirmation that may not be made, for everybody to see. */
const refuseConfirmation =
  ({ code, detail }: OrderFailure): Decide =>
  (reservation, origin) => {
    if (pendingConfirmation(reservation) === undefined) return { outcome: 'unchanged' };
    const refusal = refusalOf('refuse', reservation, origin.atMs);
    if (refusal !== undefined) return rejected(refusal);
    return changed(reservation, { ...origin, did: 'refuse', code, detail }, {});
  };

/** Judges the confirmation that waits: makes it as if it were asked for now, or refuses it. */
export const judgeConfirmation: Decide = (reservation, origin) => {
  const pending = pendingConfirmation(reservation);
  if (pending === undefined) return { outcome: 'unchanged' };
  const { orderId, lines, metadata } = pending.queued.entry;
  const decision = confirm({
    ...(orderId === undefined ? {} : { orderId }),
    ...(lines === undefined ? {} : { lines }),
    ...(metadata === undefined ? {} : { metadata }),
  })(reservation, origin);
  return decision.outcome === 'rejected'
    ? refuseConfirmation(decision.rejection)(reservation, origin)
    : decision;
};
