/**
 * What became of each confirmation that was asked for, read from the history of its reservation: which order id it
 * was asked under, whether it was queued, and its verdict. Orders are told from here, and nowhere else.
 */
import { formatReservationId } from './identifiers.ts';
import type { OrderFailure } from './order.ts';
import type { HistoryEntry, Reservation } from './reservation.ts';
import type { QueueEntry } from './reservation-history.ts';

/** `by`: the entry that decided. A `refuse` is written together with the record of its order. */
export type Verdict =
  | { readonly status: 'accepted'; readonly by: 'confirm'; readonly atMs: number; readonly version: number }
  | {
      readonly status: 'failed';
      readonly by: 'confirm' | 'refuse';
      readonly atMs: number;
      readonly failure: OrderFailure;
    };

/** A confirmation that was asked for. */
export interface Confirmation {
  readonly orderId: string;
  /** The entry that queued it, and the version that this made; absent when it was made at once. */
  readonly queued?: { readonly entry: QueueEntry; readonly version: number };
  /** Absent while it waits for its judgement. */
  readonly verdict?: Verdict;
}

/** A queued confirmation that another one, under another order id, was faster than. */
const OVERTAKEN: OrderFailure = {
  code: 'reservation_not_held',
  detail: 'The reservation was confirmed under another order id meanwhile.',
};

/** What a confirmation is called that names no order. */
export const orderIdOf = (reservation: Reservation, { orderId }: { readonly orderId?: string }): string =>
  orderId ?? formatReservationId(reservation);

const isConfirm = (entry: HistoryEntry): entry is HistoryEntry & { did: 'confirm' } =>
  entry.did === 'confirm';

/** Confirmations in the order in which they were asked for; at most the last of them waits. */
export function confirmationsOf(reservation: Reservation): readonly Confirmation[] {
  const found: Confirmation[] = [];
  let pending: Confirmation | undefined;
  const judge = (verdict: Verdict) => {
    if (pending !== undefined) found.push({ ...pending, verdict });
    pending = undefined;
  };
  for (const [index, entry] of reservation.history.entries()) {
    const { atMs } = entry;
    const version = index + 2;
    if (entry.did === 'queue') {
      pending = { orderId: orderIdOf(reservation, entry), queued: { entry, version } };
    } else if (entry.did === 'refuse') {
      const { code, detail } = entry;
      judge({ status: 'failed', by: 'refuse', atMs, failure: { code, detail } });
    } else if (isConfirm(entry)) {
      const orderId = orderIdOf(reservation, entry);
      if (pending !== undefined && pending.orderId !== orderId) {
        judge({ status: 'failed', by: 'confirm', atMs, failure: OVERTAKEN });
      }
      pending ??= { orderId };
      judge({ status: 'accepted', by: 'confirm', atMs, version });
    }
  }
  return pending === undefined ? found : [...found, pending];
}

/** A confirmation that waits for its judgement. */
export type PendingConfirmation = Confirmation & { readonly queued: NonNullable<Confirmation['queued']> };

/** The confirmation that waits for its judgement. Most reservations never queue one, and cost no look. */
export function pendingConfirmation(reservation: Reservation): PendingConfirmation | undefined {
  if (reservation.queuedAtMs === undefined) return undefined;
  const last = confirmationsOf(reservation).at(-1);
  if (last?.queued === undefined || last.verdict !== undefined) return undefined;
  return { ...last, queued: last.queued };
}

/**
 * The order that a caller named for a reservation, and since when: confirmed, or waiting for it. An order that is
 * called as its reservation is found by the reservation.
 */
export function namedOrderOf(
  reservation: Reservation,
): { readonly orderId: string; readonly atMs: number } | undefined {
  const { orderId } = reservation;
  const confirmedAtMs = reservation.history.find(isConfirm)?.atMs;
  if (orderId !== undefined && confirmedAtMs !== undefined) return { orderId, atMs: confirmedAtMs };
  const queued = pendingConfirmation(reservation)?.queued.entry;
  return queued?.orderId === undefined ? undefined : { orderId: queued.orderId, atMs: queued.atMs };
}
