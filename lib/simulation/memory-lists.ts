/** The lists of the simulated store: from an index or a partition, filtered and cut. */
import { assertLimit, ORDER_RESERVATIONS_MAX } from '../adapters/dynamodb/answer-limits.ts';
import { timePosition } from '../adapters/dynamodb/keys.ts';
import { deliveriesPartition, ledgerPartition, tenantPartition } from '../adapters/dynamodb/partitions.ts';
import type {
  DeliveryQuery,
  MovementQuery,
  Page,
  PageRequest,
  ReservationQuery,
} from '../application/ports.ts';
import type { ApiKey } from '../domain/access.ts';
import type { Product } from '../domain/catalogue.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Movement } from '../domain/movement.ts';
import type { Quota } from '../domain/quota.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Stock } from '../domain/stock.ts';
import {
  movementsBucket,
  orderBucket,
  productsBucket,
  referenceBucket,
  reservationsBucket,
} from './index-places.ts';
import type { MemoryTable } from './memory-table.ts';

interface Positioned<Record> {
  readonly position: string;
  readonly record: Record;
}

/** What a page is cut from: the records in ascending order of their positions, which are unique. */
interface List<Record> {
  readonly entries: readonly Positioned<Record>[];
  readonly newestFirst: boolean;
}

function pageOf<Record>({ entries, newestFirst }: List<Record>, { limit, after }: PageRequest): Page<Record> {
  assertLimit(limit);
  const items: Record[] = [];
  let last = '';
  for (let index = 0; index < entries.length; index += 1) {
    const { position, record } = entries[
      newestFirst ? entries.length - 1 - index : index
    ] as Positioned<Record>;
    if (after !== undefined && (newestFirst ? position >= after : position <= after)) continue;
    if (items.length === limit) return { items, next: last };
    items.push(record);
    last = position;
  }
  return { items };
}

/** The records that a list of an index names, as they are now. */
function listed<Record>(table: MemoryTable, bucket: string): Positioned<Record>[] {
  const found: Positioned<Record>[] = [];
  for (const entry of table.indexes.list(bucket)) {
    const record = table.records.at(entry.listed.key);
    if (record !== undefined) found.push({ position: entry.position, record: record as Record });
  }
  return found;
}

export function listProducts(
  table: MemoryTable,
  { tenantId, prefix }: { readonly tenantId: string; readonly prefix: string },
  page: PageRequest,
): Page<Product> {
  const entries = listed<Product>(table, productsBucket(tenantId));
  const wanted = entries.filter(({ record }) => record.sku.startsWith(prefix));
  return pageOf({ entries: wanted, newestFirst: false }, page);
}

export function listKeys({ records }: MemoryTable, tenantId: string, page: PageRequest): Page<ApiKey> {
  const keys = records.inPartition(tenantPartition(tenantId), 'apiKey');
  const entries = keys.map((record) => ({ position: record.keyId, record }));
  return pageOf({ entries, newestFirst: false }, page);
}

export function listDeliveries(
  { records }: MemoryTable,
  { tenantId, webhookId }: DeliveryQuery,
  page: PageRequest,
): Page<Delivery> {
  const deliveries = records.inPartition(deliveriesPartition(tenantId, webhookId), 'delivery');
  const entries = deliveries.map((record) => ({
    position: timePosition(record.createdAtMs, record.deliveryId),
    record,
  }));
  return pageOf({ entries, newestFirst: true }, page);
}

export function listMovements(
  table: MemoryTable,
  { tenantId, sku, locationId, fromMs = 0, toMs = Number.POSITIVE_INFINITY }: MovementQuery,
  page: PageRequest,
): Page<Movement> {
  const ofSku = (named: string): Positioned<Movement>[] =>
    table.records.inPartition(ledgerPartition(tenantId, named), 'movement').map((record) => ({
      position: timePosition(record.occurredAtMs, record.movementId),
      record,
    }));
  const ofLocation = (named: string | undefined): Positioned<Movement>[] => {
    if (named === undefined) throw new Error('A list of movements needs a sku or a location');
    return listed<Movement>(table, movementsBucket(tenantId, named));
  };
  const entries = (sku === undefined ? ofLocation(locationId) : ofSku(sku)).filter(
    ({ record }) =>
      (locationId === undefined || record.locationId === locationId) &&
      record.occurredAtMs >= fromMs &&
      record.occurredAtMs <= toMs,
  );
  return pageOf({ entries, newestFirst: true }, page);
}

export function listReservations(
  table: MemoryTable,
  { tenantId, reference }: ReservationQuery,
  page: PageRequest,
): Page<Reservation> {
  const bucket =
    reference === undefined ? reservationsBucket(tenantId) : referenceBucket(tenantId, reference);
  return pageOf({ entries: listed<Reservation>(table, bucket), newestFirst: true }, page);
}

export function reservationsOfOrder(table: MemoryTable, tenantId: string, orderId: string): Reservation[] {
  return listed<Reservation>(table, orderBucket(tenantId, orderId))
    .slice(0, ORDER_RESERVATIONS_MAX)
    .map(({ record }) => record);
}

/** A part of a walk, in the order of the keys. */
function pageOfWalk<Met extends Product | Quota | Stock>(
  met: readonly Met[],
  { limit, after = '' }: PageRequest,
): Page<Met> {
  const positionOf = (record: Met) =>
    [record.tenantId, record.sku, 'locationId' in record ? record.locationId : ''].join('#');
  const found = met
    .filter((record) => positionOf(record) > after)
    .sort((a, b) => (positionOf(a) < positionOf(b) ? -1 : 1));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last !== undefined ? { items, next: positionOf(last) } : { items };
}

/** Quotas of the table's own region that are not empty. */
export function listOwnQuotas({ records, region }: MemoryTable, page: PageRequest): Page<Quota> {
  const isOwn = (quota: Quota) => quota.region === region && (quota.available > 0 || quota.promised > 0);
  return pageOfWalk(records.select('quota', isOwn), page);
}

/** Stocks that are at home in the table's own region. */
export function listOwnStocks({ records, region }: MemoryTable, page: PageRequest): Page<Stock> {
  return pageOfWalk(
    records.select('stock', (stock) => stock.region === region),
    page,
  );
}

/** Products of all tenants. */
export function listAllProducts({ records }: MemoryTable, page: PageRequest): Page<Product> {
  return pageOfWalk(
    records.select('product', () => true),
    page,
  );
}
