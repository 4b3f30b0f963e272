/** An order as it is told: by the reservations that were confirmed under its id or were to be, and by its records. */
import { type Confirmation, confirmationsOf, type Verdict } from './confirmations.ts';
import { formatReservationId } from './identifiers.ts';
import type { Order, OrderFailure } from './order.ts';
import type { Reservation } from './reservation.ts';
import { type LineState, stateOf } from './reservation-state.ts';

export type OrderEvent = 'queued' | 'confirmed' | 'failed' | 'accepted' | 'shipped' | 'cancelled';

export interface OrderView {
  readonly orderId: string;
  readonly reservationId: string;
  readonly status: 'processing' | 'accepted' | 'failed';
  /** Why it failed. */
  readonly failure?: OrderFailure;
  /** As they were confirmed, or as they were to be. */
  readonly lines: readonly LineState[];
  readonly timeline: readonly TimelineEntry[];
  /** Other reservations that were confirmed under the same order id. */
  readonly duplicates: readonly string[];
}

interface TimelineEntry {
  readonly atMs: number;
  readonly event: OrderEvent;
}

/** One reservation of an order. */
interface Part {
  readonly reservation: Reservation;
  /** What was asked under the order id, in order, and the last of it. */
  readonly confirmations: readonly Confirmation[];
  readonly last: Confirmation;
  readonly record: Order | undefined;
}

const LATER_EVENTS = { ship: 'shipped', cancel: 'cancelled' } as const;

/** Lines with their allocations at a version, or those that were asked for and have none. */
function linesOf({ reservation, last: { queued, verdict } }: Part): readonly LineState[] {
  const confirmed = verdict?.status === 'accepted' ? verdict.version : undefined;
  const asked = confirmed === undefined ? queued?.entry.lines : undefined;
  if (asked !== undefined) return asked.map((line) => ({ ...line, allocations: [] }));
  const { lines } = stateOf(reservation, confirmed ?? queued?.version);
  return lines.filter(({ quantity }) => quantity > 0);
}

function statusOf({ last, record }: Part): OrderView['status'] {
  switch (last.verdict?.status) {
    case 'accepted':
      return record?.status === 'accepted' ? 'accepted' : 'processing';
    case 'failed':
      return 'failed';
    case undefined:
      return 'processing';
  }
}

const verdictEvent = ({ status, atMs }: Verdict): TimelineEntry => ({
  atMs,
  event: status === 'accepted' ? 'confirmed' : 'failed',
});

function timelineOf({ reservation, confirmations, last, record }: Part): readonly TimelineEntry[] {
  const events = confirmations.flatMap(({ queued, verdict }): TimelineEntry[] => [
    ...(queued === undefined ? [] : [{ atMs: queued.entry.atMs, event: 'queued' } as const]),
    ...(verdict === undefined ? [] : [verdictEvent(verdict)]),
  ]);
  if (last.verdict?.status === 'accepted') {
    if (record?.status === 'accepted') {
      // Two environments may have different clocks; nothing is accepted before it is confirmed.
      events.push({ atMs: Math.max(record.recordedAtMs, last.verdict.atMs), event: 'accepted' });
    }
    for (const { did, atMs } of reservation.history) {
      if (did === 'ship' || did === 'cancel') events.push({ atMs, event: LATER_EVENTS[did] });
    }
  }
  return events.sort((a, b) => a.atMs - b.atMs);
}

/** Confirmed ones first, then those that wait, then those that failed; each by time. */
function rankOf({ last: { verdict, queued } }: Part): readonly [group: number, atMs: number] {
  if (verdict === undefined) return [1, queued?.entry.atMs ?? 0];
  return [verdict.status === 'accepted' ? 0 : 2, verdict.atMs];
}

function byRank(a: Part, b: Part): number {
  const [groupA, atA] = rankOf(a);
  const [groupB, atB] = rankOf(b);
  return groupA - groupB || atA - atB;
}

function partOf(orderId: string, reservation: Reservation, records: readonly Order[]): Part[] {
  const confirmations = confirmationsOf(reservation).filter((found) => found.orderId === orderId);
  const last = confirmations.at(-1);
  if (last === undefined) return [];
  const reservationId = formatReservationId(reservation);
  const record = records.find((candidate) => candidate.reservationId === reservationId);
  return [{ reservation, confirmations, last, record }];
}

/**
 * The order that reservations and records tell of.
 *
 * @returns `undefined` when nothing was ever asked under the order id.
 */
export function viewOrder(
  orderId: string,
  reservations: readonly Reservation[],
  records: readonly Order[],
): OrderView | undefined {
  const [first, ...others] = reservations
    .flatMap((reservation) => partOf(orderId, reservation, records))
    .sort(byRank);
  if (first === undefined) return undefined;
  const { verdict } = first.last;
  return {
    orderId,
    reservationId: formatReservationId(first.reservation),
    status: statusOf(first),
    ...(verdict?.status === 'failed' ? { failure: verdict.failure } : {}),
    lines: linesOf(first),
    timeline: timelineOf(first),
    duplicates: others
      .filter(({ last }) => last.verdict?.status === 'accepted')
      .map(({ reservation }) => formatReservationId(reservation)),
  };
}
