/**
 * The events of a change that was written in this region, made from nothing but the change: whenever the stream shows
 * it, they are the same.
 */
import { OPERATOR_TENANT_ID } from '../domain/access.ts';
import type { DomainEvent } from '../domain/event.ts';
import type { Movement, MovementType } from '../domain/movement.ts';
import type { Order } from '../domain/order.ts';
import type { RegionState } from '../domain/region.ts';
import type { Shipment } from '../domain/shipment.ts';
import type { Stock } from '../domain/stock.ts';
import { type EventDraft, identified } from './event-draft.ts';
import { draftsOfReservation } from './events-of-reservation.ts';
import type { Dependencies, RecordChange } from './ports.ts';

/** Of the stock of a place there are two events in one version at most: what was booked, then what is short. */
const EVENTS_OF_STOCK_VERSION = 2;

const stockSubject = ({ sku, locationId }: Pick<Stock, 'sku' | 'locationId'>): string =>
  `${sku}/${locationId}`;

/** What leaves with a shipment is told by the event of the shipment. */
const MOVEMENT_EVENT: Readonly<Record<MovementType, 'stock.received' | 'stock.adjusted' | undefined>> = {
  receipt: 'stock.received',
  return: 'stock.received',
  write_off: 'stock.adjusted',
  adjustment: 'stock.adjusted',
  count: 'stock.adjusted',
  shipment: undefined,
};

function draftsOfMovement(movement: Movement, region: string): EventDraft[] {
  const type = MOVEMENT_EVENT[movement.type];
  if (type === undefined) return [];
  const { tenantId, occurredAtMs, stockVersion = 0 } = movement;
  const sequence = EVENTS_OF_STOCK_VERSION * stockVersion;
  return [
    { type, tenantId, region, occurredAtMs, subject: stockSubject(movement), sequence, data: { movement } },
  ];
}

/** A stock has no time of its own: it is that of the commit, as the stream tells it. */
function draftsOfStock(before: Stock | undefined, after: Stock, committedAtMs: number): EventDraft[] {
  const { tenantId, region, sku, locationId, shortage, version } = after;
  if (shortage <= (before?.shortage ?? 0)) return [];
  return [
    {
      type: 'stock.short',
      tenantId,
      region,
      occurredAtMs: committedAtMs,
      subject: stockSubject(after),
      sequence: EVENTS_OF_STOCK_VERSION * version + 1,
      data: { sku, locationId, shortage },
    },
  ];
}

function draftsOfShipment(before: Shipment | undefined, shipment: Shipment): EventDraft[] {
  // Later only its booking mark goes.
  if (before !== undefined) return [];
  const { tenantId, region, shippedAtMs, shipmentId } = shipment;
  return [
    {
      type: 'shipment.created',
      tenantId,
      region,
      occurredAtMs: shippedAtMs,
      subject: shipmentId,
      sequence: 1,
      data: { shipment },
    },
  ];
}

function draftsOfOrder(before: Order | undefined, order: Order): EventDraft[] {
  const { tenantId, region, orderId, reservationId, status, failure, decidedAtMs } = order;
  if (before?.status === status && before.decidedAtMs === decidedAtMs) return [];
  const common = { tenantId, region, occurredAtMs: decidedAtMs, subject: orderId, sequence: decidedAtMs };
  if (status === 'accepted') return [{ ...common, type: 'order.accepted', data: { orderId, reservationId } }];
  if (failure === undefined) return [];
  return [{ ...common, type: 'order.failed', data: { orderId, reservationId, ...failure } }];
}

function draftsOfRegion(before: RegionState | undefined, { region, drainedAtMs }: RegionState): EventDraft[] {
  if (drainedAtMs === undefined || before?.drainedAtMs === drainedAtMs) return [];
  return [
    {
      type: 'region.drained',
      tenantId: OPERATOR_TENANT_ID,
      region,
      occurredAtMs: drainedAtMs,
      subject: region,
      sequence: drainedAtMs,
      data: { region },
    },
  ];
}

/** What tells events apart whose type, subject and sequence may be the same. */
function distinction(draft: EventDraft): string[] {
  switch (draft.type) {
    case 'stock.received':
    case 'stock.adjusted':
      return [draft.data.movement.movementId];
    case 'order.accepted':
    case 'order.failed':
      return [draft.data.reservationId];
    default:
      return [];
  }
}

function draftsOf(change: RecordChange, committedAtMs: number): EventDraft[] {
  if (change.after === undefined) return [];
  switch (change.entity) {
    case 'reservation':
      return draftsOfReservation(change.before, change.after);
    case 'movement':
      return draftsOfMovement(change.after, change.after.region ?? '');
    case 'stock':
      return draftsOfStock(change.before, change.after, committedAtMs);
    case 'shipment':
      return draftsOfShipment(change.before, change.after);
    case 'order':
      return draftsOfOrder(change.before, change.after);
    case 'regionState':
      return draftsOfRegion(change.before, change.after);
    default:
      return [];
  }
}

/** A change, and when it was committed. */
export interface CommittedChange {
  readonly change: RecordChange;
  readonly committedAtMs: number;
}

/** The events of a change; none of one that another region has written, which tells of it itself. */
export function eventsOf(
  { region, digest }: Pick<Dependencies, 'region' | 'digest'>,
  { change, committedAtMs }: CommittedChange,
): DomainEvent[] {
  return draftsOf(change, committedAtMs)
    .filter((draft) => draft.region === region)
    .map((draft) => identified(digest, draft, ...distinction(draft)));
}
