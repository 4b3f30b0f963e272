import type { EventType } from './event.ts';

/** Every type of event, as the bus and webhooks call them. A type that is missing here does not compile. */
const TYPES: { readonly [Type in EventType]: true } = {
  'stock.received': true,
  'stock.adjusted': true,
  'stock.low': true,
  'stock.out': true,
  'stock.back': true,
  'stock.short': true,
  'stock.drift': true,
  'reservation.held': true,
  'reservation.confirmed': true,
  'reservation.released': true,
  'reservation.extended': true,
  'reservation.expired': true,
  'reservation.cancelled': true,
  'order.accepted': true,
  'order.failed': true,
  'order.duplicate': true,
  'shipment.created': true,
  'region.drained': true,
};

export const EVENT_TYPES = Object.keys(TYPES) as [EventType, ...EventType[]];
