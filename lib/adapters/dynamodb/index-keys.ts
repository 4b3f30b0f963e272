/** Which indexes a record is in, and where. A record leaves an index when it loses the two attributes. */
import type { INDEXES, IndexName } from '../../config/table.ts';
import { namedOrderOf } from '../../domain/confirmations.ts';
import type { Delivery } from '../../domain/delivery.ts';
import type { EntityName, EntityRecords } from '../../domain/entities.ts';
import type { Acceptance, Grant } from '../../domain/grant.ts';
import { listIdOf } from '../../domain/identifiers.ts';
import type { Movement } from '../../domain/movement.ts';
import { isOpen, type Reservation } from '../../domain/reservation.ts';
import type { Shipment } from '../../domain/shipment.ts';
import { claimsOfReservation, claimsOfShipment, type UnitClaim } from '../../domain/unit-claims.ts';
import type { Unsent } from '../../domain/unsent.ts';
import { timePosition } from './keys.ts';
import {
  duePartition,
  keyPart,
  locationLedgerPartition,
  openManyPartition,
  openPartition,
  orderPartition,
  type Partition,
  productsPartition,
  referencePartition,
  reservationsPartition,
  sendingPartition,
} from './partitions.ts';
import {
  DUE_SHARDS,
  LOCATION_LEDGER_SHARDS,
  OPEN_SHARDS,
  RESERVATION_LIST_SHARDS,
  SENDING_SHARDS,
  shardOf,
} from './shards.ts';

/** The key attributes of the indexes. */
export type IndexKeyAttribute = (typeof INDEXES)[IndexName]['partition' | 'sort'];

type IndexPartition = (typeof INDEXES)[IndexName]['partition'];

/** Attributes that an item has for its indexes only; they are no fields of the record. */
export type IndexAttributes = { readonly [Attribute in IndexPartition]?: Partition } & {
  readonly [Attribute in Exclude<IndexKeyAttribute, IndexPartition>]?: string;
} & {
  /** The skus of an item of `open` that names several. */
  readonly skus?: readonly string[];
  /** The units that an item of `open` still claims. */
  readonly claims?: readonly UnitClaim[];
};

/** Attributes of indexes that are neither keys nor fields of a record. */
export const INDEX_ONLY_ATTRIBUTES = ['skus', 'claims'] as const satisfies readonly (keyof IndexAttributes)[];

function due(region: string, dueAtMs: number, id: string): IndexAttributes {
  return { duePk: duePartition(region, shardOf(id, DUE_SHARDS)), dueSk: timePosition(dueAtMs, id) };
}

interface OpenItem {
  readonly tenantId: string;
  readonly id: string;
  readonly sinceMs: number;
  readonly lines: readonly { readonly sku: string }[];
  readonly claims: readonly UnitClaim[];
}

/** What names one sku is found by it. What names several is read and filtered: an item has one key only. */
function open({ tenantId, id, sinceMs, lines, claims }: OpenItem): IndexAttributes {
  const openSk = timePosition(sinceMs, id);
  const skus = [...new Set(lines.map(({ sku }) => sku))];
  const [only] = skus;
  if (skus.length === 1 && only !== undefined) {
    return { openPk: openPartition(tenantId, only), openSk, claims };
  }
  return { openPk: openManyPartition(tenantId, shardOf(id, OPEN_SHARDS)), openSk, skus, claims };
}

/** An order's reservations in the order of their confirmation; one that waits for it stands where it was queued. */
export function orderAttributes(key: {
  readonly tenantId: string;
  readonly keyHash: string;
  readonly region: string;
  readonly orderId: string;
  readonly atMs: number;
}): IndexAttributes {
  return {
    orderPk: orderPartition(key.tenantId, key.orderId),
    orderSk: timePosition(key.atMs, listIdOf(key)),
  };
}

function ofReservation(reservation: Reservation): IndexAttributes {
  const { tenantId, keyHash, region, createdAtMs, reference, status } = reservation;
  const position = timePosition(createdAtMs, listIdOf(reservation));
  const order = namedOrderOf(reservation);
  return {
    listPk: reservationsPartition(tenantId, shardOf(keyHash, RESERVATION_LIST_SHARDS)),
    listSk: position,
    ...(reference !== undefined && {
      referencePk: referencePartition(tenantId, reference),
      referenceSk: position,
    }),
    ...(order !== undefined && orderAttributes({ tenantId, keyHash, region, ...order })),
    ...(status === 'held' && due(region, reservation.expiresAtMs, keyHash)),
    ...(isOpen(status) &&
      open({
        tenantId,
        id: listIdOf(reservation),
        sinceMs: createdAtMs,
        lines: reservation.lines,
        claims: claimsOfReservation(reservation),
      })),
  };
}

function ofShipment(shipment: Shipment): IndexAttributes {
  const { tenantId, shipmentId, region, lines, shippedAtMs, bookingDueAtMs } = shipment;
  if (bookingDueAtMs === undefined) return {};
  return {
    ...due(region, bookingDueAtMs, shipmentId),
    ...open({
      tenantId,
      id: shipmentId,
      sinceMs: shippedAtMs,
      lines,
      claims: claimsOfShipment(shipment),
    }),
  };
}

function ofMovement({ tenantId, locationId, movementId, occurredAtMs }: Movement): IndexAttributes {
  const shard = shardOf(movementId, LOCATION_LEDGER_SHARDS);
  return {
    listPk: locationLedgerPartition(tenantId, locationId, shard),
    listSk: timePosition(occurredAtMs, movementId),
  };
}

const ofAcceptance = ({ to, checkDueAtMs, grantId }: Acceptance): IndexAttributes =>
  due(to, checkDueAtMs, grantId);

const ofGrant = ({ from, checkDueAtMs, grantId }: Grant): IndexAttributes => due(from, checkDueAtMs, grantId);

const sending = (region: string, dueAtMs: number, id: string): IndexAttributes => ({
  duePk: sendingPartition(region, shardOf(id, SENDING_SHARDS)),
  dueSk: timePosition(dueAtMs, id),
});

const ofUnsent = ({ region, dueAtMs, id }: Unsent): IndexAttributes => sending(region, dueAtMs, id);

const ofDelivery = ({ region, dueAtMs, deliveryId }: Delivery): IndexAttributes =>
  sending(region, dueAtMs, deliveryId);

const none = (): IndexAttributes => ({});

const INDEX_ATTRIBUTES: {
  readonly [Name in EntityName]: (record: EntityRecords[Name], region: string) => IndexAttributes;
} = {
  tenant: none,
  apiKey: none,
  location: none,
  stock: none,
  quota: none,
  demand: none,
  movementReceipt: none,
  order: none,
  webhook: none,
  secret: none,
  regionState: none,
  retirement: none,
  auditWalk: none,
  product: ({ tenantId, sku, settleDueAtMs }, region) => ({
    listPk: productsPartition(tenantId),
    listSk: keyPart(sku),
    ...(settleDueAtMs !== undefined && due(region, settleDueAtMs, sku)),
  }),
  reservation: ofReservation,
  shipment: ofShipment,
  movement: ofMovement,
  acceptance: ofAcceptance,
  grant: ofGrant,
  unsent: ofUnsent,
  delivery: ofDelivery,
};

/**
 * The index attributes of a record as a whole.
 *
 * @param region the region of the replica it is written through: a product is settled where it is written.
 */
export function indexAttributes<Name extends EntityName>(
  entity: Name,
  record: EntityRecords[Name],
  region: string,
): IndexAttributes {
  return INDEX_ATTRIBUTES[entity](record, region);
}
