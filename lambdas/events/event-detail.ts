/** What leaves of an event: made as the API shows things, and parsed by its contract, so that nothing leaves by accident. */
import type * as z from 'zod';
import { EVENTS } from '../../lib/contracts/events/catalogue.ts';
import { detailOf } from '../../lib/contracts/events/event-contract.ts';
import type { DomainEvent, EventType, ReservationEventData } from '../../lib/domain/event.ts';
import type { Shipment } from '../../lib/domain/shipment.ts';
import { answerMovement } from '../http/answers/movement.ts';
import { answerReservation } from '../http/answers/reservation.ts';
import { isoTime } from '../http/answers/time.ts';

const DETAILS = Object.fromEntries(
  Object.entries(EVENTS).map(([name, { data }]) => [name, detailOf(data)]),
) as unknown as Readonly<Record<EventType, z.ZodType<object>>>;

function showReservation({ reservation, version }: ReservationEventData) {
  const shown = answerReservation(reservation, { version });
  const { reservationId, status, reference, metadata, expiresAt, lines } = shown;
  const order = 'orderId' in shown ? { orderId: shown.orderId } : {};
  return { reservationId, status, version, reference, metadata, expiresAt, lines, ...order };
}

function showEnded(data: ReservationEventData) {
  const { lines } = data.reservation;
  const released = data.givenBack.flatMap(([lineIndex, allocationIndex, quantity]) => {
    const line = lines[lineIndex];
    const allocation = line?.allocations[allocationIndex];
    if (line === undefined || allocation === undefined) return [];
    return [{ sku: line.sku, locationId: allocation.locationId, quantity }];
  });
  return { ...showReservation(data), released };
}

function showShipment(shipment: Shipment) {
  const { shipmentId, reservationId, locationId, lines, carrier, trackingId, shippedAtMs } = shipment;
  return {
    shipmentId,
    reservationId,
    locationId,
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    carrier: carrier ?? null,
    trackingId: trackingId ?? null,
    shippedAt: isoTime(shippedAtMs),
  };
}

function showData(event: DomainEvent): object {
  switch (event.type) {
    case 'stock.received':
    case 'stock.adjusted':
      return answerMovement(event.data.movement);
    case 'reservation.held':
    case 'reservation.confirmed':
    case 'reservation.extended':
      return showReservation(event.data);
    case 'reservation.released':
    case 'reservation.expired':
    case 'reservation.cancelled':
      return showEnded(event.data);
    case 'shipment.created':
      return showShipment(event.data.shipment);
    case 'stock.low':
    case 'stock.out':
    case 'stock.back':
    case 'stock.short':
    case 'stock.drift':
    case 'order.accepted':
    case 'order.failed':
    case 'order.duplicate':
    case 'region.drained':
      return event.data;
  }
}

/**
 * An event as the bus carries it.
 *
 * @throws a ZodError when it does not fit its contract.
 */
export function showEvent(event: DomainEvent): { readonly detailType: string; readonly detail: object } {
  const { type, id, tenantId, region, occurredAtMs, subject, sequence, requestId } = event;
  const occurredAt = isoTime(occurredAtMs);
  const envelope = { id, tenantId, region, occurredAt, subject, sequence };
  const caused = requestId === undefined ? {} : { requestId };
  const detail = { ...envelope, ...caused, data: showData(event) };
  return { detailType: type, detail: DETAILS[type].parse(detail) };
}
