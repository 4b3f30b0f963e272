import { formatReservationId, parseReservationId } from '../domain/identifiers.ts';
import type { Order } from '../domain/order.ts';
import { type OrderView, viewOrder } from '../domain/order-view.ts';
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { Reservation } from '../domain/reservation.ts';
import { actingIn, otherRegions } from './acting-in.ts';
import { tryNow } from './complete-writes.ts';
import type { Dependencies } from './ports.ts';
import { readReservation } from './read-reservation.ts';

/** The reservation that an order is called after, where no order id was given. */
async function reservationNamed(
  deps: Dependencies,
  tenantId: string,
  reservationId: string,
): Promise<readonly Reservation[]> {
  if (parseReservationId(reservationId) === undefined) return [];
  const found = await readReservation(deps, tenantId, reservationId);
  return found.ok ? [found.value.reservation] : [];
}

/** What is known under an order id: reservations by the index, and what the order queue recorded. */
interface Known {
  readonly reservations: readonly Reservation[];
  readonly records: readonly Order[];
}

async function knownTo({ store }: Dependencies, tenantId: string, orderId: string): Promise<Known> {
  const [reservations, records] = await Promise.all([
    store.reservationsOfOrder(tenantId, orderId),
    store.ordersUnder(tenantId, orderId),
  ]);
  return { reservations, records };
}

const isEmpty = ({ reservations, records }: Known): boolean =>
  reservations.length === 0 && records.length === 0;

/** What this replica knows; if it knows nothing, what the other regions know. */
async function knownAnywhere(deps: Dependencies, tenantId: string, orderId: string): Promise<Known> {
  const here = await knownTo(deps, tenantId, orderId);
  if (!isEmpty(here)) return here;
  const elsewhere = await Promise.all(
    otherRegions(deps).map((region) => tryNow(() => knownTo(actingIn(deps, region), tenantId, orderId))),
  );
  return elsewhere.find((known) => known !== undefined && !isEmpty(known)) ?? here;
}

/** Reservations that only a record names: they failed, or the index is late. */
async function reservationsOfRecords(
  deps: Dependencies,
  { reservations, records }: Known,
): Promise<readonly Reservation[]> {
  const seen = new Set(reservations.map(formatReservationId));
  const missing = records.filter(({ reservationId }) => !seen.has(reservationId));
  const found = await Promise.all(
    missing.map(({ tenantId, reservationId }) => reservationNamed(deps, tenantId, reservationId)),
  );
  return found.flat();
}

/**
 * The order of a reservation that was confirmed, or is to be, by the caller's order id or, where none was given, by
 * the reservation's own. What the index names first is as this replica has heard of it.
 *
 * Rejections: `not_found`.
 */
export async function readOrder(
  deps: Dependencies,
  tenantId: string,
  orderId: string,
): Promise<Result<OrderView>> {
  const [named, known] = await Promise.all([
    reservationNamed(deps, tenantId, orderId),
    knownAnywhere(deps, tenantId, orderId),
  ]);
  const recorded = await reservationsOfRecords(deps, {
    reservations: [...named, ...known.reservations],
    records: known.records,
  });
  const reservations = new Map(
    [...known.reservations, ...recorded, ...named].map((found) => [formatReservationId(found), found]),
  );
  const order = viewOrder(orderId, [...reservations.values()], known.records);
  return order === undefined
    ? reject({ code: 'not_found', detail: 'There is no such order.' })
    : succeed(order);
}
