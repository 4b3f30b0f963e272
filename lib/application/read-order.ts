import { formatReservationId, parseReservationId } from '../domain/identifiers.ts';
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { Reservation } from '../domain/reservation.ts';
import { type LineState, stateOf } from '../domain/reservation-state.ts';
import { actingIn, otherRegions } from './acting-in.ts';
import { tryNow } from './complete-writes.ts';
import type { Dependencies } from './ports.ts';
import { readReservation } from './read-reservation.ts';

/** An order as far as the confirmation makes it: the order queue takes it from there. */
export interface Order {
  readonly orderId: string;
  readonly reservationId: string;
  readonly status: 'processing';
  /** As they were confirmed. */
  readonly lines: readonly LineState[];
  readonly timeline: readonly { readonly atMs: number; readonly event: string }[];
  /** Other reservations that were confirmed under the same order id. */
  readonly duplicates: readonly string[];
}

const EVENTS = { confirm: 'confirmed', ship: 'shipped', cancel: 'cancelled' } as const;

function timelineOf({ history }: Reservation): Order['timeline'] {
  return history.flatMap((entry) =>
    entry.did === 'confirm' || entry.did === 'ship' || entry.did === 'cancel'
      ? [{ atMs: entry.atMs, event: EVENTS[entry.did] }]
      : [],
  );
}

function orderOf(orderId: string, reservation: Reservation, others: readonly Reservation[]): Order {
  const confirmedAt = reservation.history.findIndex(({ did }) => did === 'confirm') + 2;
  return {
    orderId,
    reservationId: formatReservationId(reservation),
    status: 'processing',
    lines: stateOf(reservation, confirmedAt).lines.filter(({ quantity }) => quantity > 0),
    timeline: timelineOf(reservation),
    duplicates: others.map(formatReservationId),
  };
}

const isConfirmed = (reservation: Reservation): boolean =>
  reservation.history.some(({ did }) => did === 'confirm');

/** The reservation that an order is called after, where no order id was given. */
async function reservationNamed(
  deps: Dependencies,
  tenantId: string,
  orderId: string,
): Promise<readonly Reservation[]> {
  if (parseReservationId(orderId) === undefined) return [];
  const found = await readReservation(deps, tenantId, orderId);
  if (!found.ok) return [];
  const { reservation } = found.value;
  return isConfirmed(reservation) && reservation.orderId === undefined ? [reservation] : [];
}

/** Reservations under an order id, as this replica knows them; if it knows none, as the other regions do. */
async function reservationsGiven(
  deps: Dependencies,
  tenantId: string,
  orderId: string,
): Promise<readonly Reservation[]> {
  const known = await deps.store.reservationsOfOrder(tenantId, orderId);
  if (known.length > 0) return known;
  const elsewhere = await Promise.all(
    otherRegions(deps).map((region) =>
      tryNow(() => actingIn(deps, region).store.reservationsOfOrder(tenantId, orderId)),
    ),
  );
  return elsewhere.find((found) => found !== undefined && found.length > 0) ?? [];
}

/**
 * The order of a confirmed reservation, by the caller's order id or, where none was given, by the
 * reservation's own.
 *
 * Rejections: `not_found`.
 */
export async function readOrder(
  deps: Dependencies,
  tenantId: string,
  orderId: string,
): Promise<Result<Order>> {
  const [named, given] = await Promise.all([
    reservationNamed(deps, tenantId, orderId),
    reservationsGiven(deps, tenantId, orderId),
  ]);
  const [first, ...others] = [...named, ...given];
  if (first === undefined) return reject({ code: 'not_found', detail: 'There is no such order.' });
  return succeed(orderOf(orderId, first, others));
}
