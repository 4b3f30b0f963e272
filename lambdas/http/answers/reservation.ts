/** A reservation as the API shows it. */
import type { Changed } from '../../../lib/application/change-reservation.ts';
import { RESPOND_ASYNC } from '../../../lib/contracts/operation-contract.ts';
import { formatReservationId } from '../../../lib/domain/identifiers.ts';
import type { OrderView } from '../../../lib/domain/order-view.ts';
import type { Reservation } from '../../../lib/domain/reservation.ts';
import { type LineState, type ShipmentState, stateOf } from '../../../lib/domain/reservation-state.ts';
import { shownStatus } from '../../../lib/domain/transitions.ts';
import { isoTime } from './time.ts';

function answerLine({ sku, locationId, quantity, allocations }: LineState) {
  const kept = allocations.filter((allocation) => allocation.kept > 0);
  return {
    sku,
    ...(locationId === undefined ? {} : { locationId }),
    quantity,
    allocated: kept.reduce((sum, allocation) => sum + allocation.kept, 0),
    backordered: 0,
    allocations: kept.map((allocation) => ({
      locationId: allocation.locationId,
      region: allocation.region,
      quantity: allocation.kept,
    })),
  };
}

function answerShipment({ shipmentId, locationId, lines, carrier, trackingId, shippedAtMs }: ShipmentState) {
  return {
    shipmentId,
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity, locationId })),
    carrier: carrier ?? null,
    trackingId: trackingId ?? null,
    shippedAt: isoTime(shippedAtMs),
  };
}

/**
 * @param at the version that answers (by default the last), and the time it is shown at: without one, a hold
 * shows as it was promised, however long ago. `asOfMs`: when a replica was asked, because the owner is out of
 * reach.
 */
export function answerReservation(
  reservation: Reservation,
  at: { readonly version?: number; readonly nowMs?: number; readonly asOfMs?: number } = {},
) {
  const state = stateOf(reservation, at.version);
  const { status, expiresAtMs, confirmation } = state;
  const confirmed =
    'orderId' in state
      ? {
          orderId: state.orderId,
          confirmedAt: isoTime(state.confirmedAtMs),
          shipments: state.shipments.map(answerShipment),
        }
      : {};
  return {
    reservationId: formatReservationId(reservation),
    status: at.nowMs === undefined ? status : shownStatus({ status, expiresAtMs }, at.nowMs),
    region: reservation.region,
    expiresAt: isoTime(expiresAtMs),
    reference: reservation.reference ?? null,
    metadata: state.metadata,
    lines: state.lines.map(answerLine),
    version: state.version,
    createdAt: isoTime(reservation.createdAtMs),
    ...confirmed,
    ...(confirmation === undefined ? {} : { confirmation: confirmation.status }),
    ...(at.asOfMs === undefined ? {} : { asOf: isoTime(at.asOfMs) }),
  };
}

/**
 * The answer to a confirmation: 202 while it is queued. A retry is answered by the version that its first attempt made,
 * so the two get the same status.
 *
 * @param prefersAsync whether the caller preferred `respond-async`.
 */
export function answerConfirmation({ reservation, version }: Changed, prefersAsync: boolean) {
  const body = answerReservation(reservation, { version });
  if (body.confirmation !== 'queued') return { status: 200, body, headers: {} } as const;
  const headers = prefersAsync ? { 'Preference-Applied': RESPOND_ASYNC } : {};
  return { status: 202, body, headers } as const;
}

/** An order as the API shows it. */
export function answerOrder({ lines, timeline, ...order }: OrderView) {
  return {
    ...order,
    lines: lines.map(answerLine),
    timeline: timeline.map(({ atMs, event }) => ({ at: isoTime(atMs), event })),
  };
}
