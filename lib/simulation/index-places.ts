/** Which lists of the simulated store a record is in, and where. As the indexes of the table, without shards. */
import { timePosition } from '../adapters/dynamodb/keys.ts';
import { namedOrderOf } from '../domain/confirmations.ts';
import type { EntityName, EntityRecords } from '../domain/entities.ts';
import type { Acceptance, Grant } from '../domain/grant.ts';
import { listIdOf } from '../domain/identifiers.ts';
import type { Movement } from '../domain/movement.ts';
import { isOpen, type Reservation } from '../domain/reservation.ts';
import type { Shipment } from '../domain/shipment.ts';

export interface Place {
  /** The list. */
  readonly bucket: string;
  /** Where in the list, in the order of texts. */
  readonly position: string;
}

/** Ids have no `#`, and what a caller may write freely comes last, so no bucket imitates another. */
export const openBucket = (tenantId: string, sku: string): string => `OPEN#${tenantId}#${sku}`;
/** Open reservations that name several skus. No sku has a `*`. */
export const openManyBucket = (tenantId: string): string => openBucket(tenantId, '*');
export const unbookedBucket = (tenantId: string, sku: string): string => `UNBOOKED#${tenantId}#${sku}`;
export const dueBucket = (region: string): string => `DUE#${region}`;
/** Apart, so that messages for a bus that is down hide no other work. */
export const sendingBucket = (region: string): string => `SEND#${region}`;
export const productsBucket = (tenantId: string): string => `PRODUCTS#${tenantId}`;
export const movementsBucket = (tenantId: string, locationId: string): string =>
  `MOVEMENTS#${tenantId}#${locationId}`;
export const reservationsBucket = (tenantId: string): string => `RESERVATIONS#${tenantId}`;
export const referenceBucket = (tenantId: string, reference: string): string =>
  `REFERENCE#${tenantId}#${reference}`;
export const orderBucket = (tenantId: string, orderId: string): string => `ORDER#${tenantId}#${orderId}`;

/** Each once, however often it is named. */
const skusOf = (lines: readonly { readonly sku: string }[]): Iterable<string> =>
  new Set(lines.map(({ sku }) => sku));

function ofReservation(reservation: Reservation): Place[] {
  const { tenantId, keyHash, createdAtMs, reference, status } = reservation;
  const position = timePosition(createdAtMs, listIdOf(reservation));
  const places: Place[] = [{ bucket: reservationsBucket(tenantId), position }];
  if (reference !== undefined) places.push({ bucket: referenceBucket(tenantId, reference), position });
  const order = namedOrderOf(reservation);
  if (order !== undefined) {
    places.push({
      bucket: orderBucket(tenantId, order.orderId),
      position: timePosition(order.atMs, listIdOf(reservation)),
    });
  }
  if (status === 'held') {
    const due = timePosition(reservation.expiresAtMs, keyHash);
    places.push({ bucket: dueBucket(reservation.region), position: due });
  }
  if (!isOpen(status)) return places;
  const skus = [...skusOf(reservation.lines)];
  for (const sku of skus) places.push({ bucket: openBucket(tenantId, sku), position });
  if (skus.length > 1) places.push({ bucket: openManyBucket(tenantId), position });
  return places;
}

function ofShipment({ tenantId, shipmentId, region, lines, shippedAtMs, bookingDueAtMs }: Shipment): Place[] {
  if (bookingDueAtMs === undefined) return [];
  const position = timePosition(shippedAtMs, shipmentId);
  const places: Place[] = [{ bucket: dueBucket(region), position: timePosition(bookingDueAtMs, shipmentId) }];
  for (const sku of skusOf(lines)) places.push({ bucket: unbookedBucket(tenantId, sku), position });
  return places;
}

const ofMovement = ({ tenantId, locationId, occurredAtMs, movementId }: Movement): Place[] => [
  { bucket: movementsBucket(tenantId, locationId), position: timePosition(occurredAtMs, movementId) },
];

const ofAcceptance = ({ to, grantId, checkDueAtMs }: Acceptance): Place[] => [
  { bucket: dueBucket(to), position: timePosition(checkDueAtMs, grantId) },
];

const ofGrant = ({ from, grantId, checkDueAtMs }: Grant): Place[] => [
  { bucket: dueBucket(from), position: timePosition(checkDueAtMs, grantId) },
];

const PLACES: {
  readonly [Name in EntityName]?: (record: EntityRecords[Name], region: string) => Place[];
} = {
  reservation: ofReservation,
  shipment: ofShipment,
  movement: ofMovement,
  acceptance: ofAcceptance,
  grant: ofGrant,
  unsent: ({ region, id, dueAtMs }) => [
    { bucket: sendingBucket(region), position: timePosition(dueAtMs, id) },
  ],
  delivery: ({ region, deliveryId, dueAtMs }) => [
    { bucket: sendingBucket(region), position: timePosition(dueAtMs, deliveryId) },
  ],
  product: ({ tenantId, sku, settleDueAtMs }, region) => [
    { bucket: productsBucket(tenantId), position: sku },
    ...(settleDueAtMs === undefined
      ? []
      : [{ bucket: dueBucket(region), position: timePosition(settleDueAtMs, sku) }]),
  ],
};

export const isListed = (entity: EntityName): boolean => PLACES[entity] !== undefined;

/**
 * Where a record is listed.
 *
 * @param region the region of the replica it was written through: a product is settled where it is written.
 */
export function placesOf<Name extends EntityName>(
  entity: Name,
  record: EntityRecords[Name],
  region: string,
): Place[] {
  return PLACES[entity]?.(record, region) ?? [];
}
