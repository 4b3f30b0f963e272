/**
 * What happened, for those who want to hear of it. An event is derived from what is stored, by pure functions, so
 * that it is the same on every delivery: its id names what happened, and nothing of it depends on when it is sent.
 */
import type { Discrepancy } from './conservation.ts';
import type { Movement } from './movement.ts';
import type { AllocatedUnits, Reservation } from './reservation.ts';
import type { Shipment } from './shipment.ts';

/** How much of a sku may be promised, in all regions. */
export interface StockLevel {
  readonly sku: string;
  readonly available: number;
  /** Units that are to be kept back, at all its locations together. */
  readonly safetyStock: number;
}

/** What each type of event carries. The types are those of the API; what is not there yet is not derived yet. */
export interface EventData {
  readonly 'stock.received': { readonly movement: Movement };
  readonly 'stock.adjusted': { readonly movement: Movement };
  /** Above, and now below, the safety stock. */
  readonly 'stock.low': StockLevel;
  readonly 'stock.out': StockLevel;
  readonly 'stock.back': StockLevel;
  readonly 'stock.short': { readonly sku: string; readonly locationId: string; readonly shortage: number };
  /** The reservation as it is stored; `version` is the one that the event made. */
  readonly 'reservation.held': ReservationEventData;
  readonly 'reservation.confirmed': ReservationEventData;
  readonly 'reservation.released': ReservationEventData;
  readonly 'reservation.extended': ReservationEventData;
  readonly 'reservation.expired': ReservationEventData;
  readonly 'reservation.cancelled': ReservationEventData;
  readonly 'order.accepted': OrderEventData;
  readonly 'order.failed': OrderEventData & { readonly code: string; readonly detail: string };
  /** Two reservations that were confirmed under one order id, or under one idempotency key. */
  readonly 'order.duplicate': OrderEventData & { readonly duplicateOf: string };
  readonly 'shipment.created': { readonly shipment: Shipment };
  /** For operators: an audit found that the books of a product do not agree, twice. */
  readonly 'stock.drift': StockDriftData;
  readonly 'region.drained': { readonly region: string };
}

export interface ReservationEventData {
  readonly reservation: Reservation;
  readonly version: number;
  /** Units that the change gave back. */
  readonly givenBack: readonly AllocatedUnits[];
}

export interface StockDriftData {
  readonly sku: string;
  /** Each rule that does not hold, as a sentence with its numbers. */
  readonly violations: readonly string[];
  /** The same as figures. */
  readonly discrepancies: readonly Discrepancy[];
}

export interface OrderEventData {
  readonly orderId: string;
  readonly reservationId: string;
}

export type EventType = keyof EventData;

export type DomainEvent = {
  readonly [Type in EventType]: {
    readonly type: Type;
    /** The same on every delivery. */
    readonly id: string;
    readonly tenantId: string;
    /** The region it happened in. */
    readonly region: string;
    readonly occurredAtMs: number;
    /** What it is about: the id of a reservation, an order, a shipment, a sku, or a sku at a location. */
    readonly subject: string;
    /** Rises with each event of a subject. */
    readonly sequence: number;
    /** The request that caused it, as its caller knows it; absent of what nobody asked for. */
    readonly requestId?: string;
    readonly data: EventData[Type];
  };
}[EventType];
