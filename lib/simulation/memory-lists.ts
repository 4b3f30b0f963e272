/** The lists of the simulated store: select, sort, cut. */
import { assertLimit, ORDER_RESERVATIONS_MAX } from '../adapters/dynamodb/answer-limits.ts';
import { timePosition } from '../adapters/dynamodb/keys.ts';
import type { MovementQuery, Page, PageRequest, ReservationQuery } from '../application/ports.ts';
import type { ApiKey } from '../domain/access.ts';
import type { Product } from '../domain/catalogue.ts';
import type { Movement } from '../domain/movement.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { MemoryRecords } from './memory-records.ts';

/** How a list is ordered: by the position of each record, which is unique. */
interface Order<Record> {
  readonly positionOf: (record: Record) => string;
  readonly newestFirst: boolean;
}

/** Records in the order of their positions. */
export function sorted<Record>(records: readonly Record[], order: Order<Record>): Record[] {
  const { positionOf, newestFirst } = order;
  const before = newestFirst ? 1 : -1;
  return [...records].sort((a, b) => (positionOf(a) < positionOf(b) ? before : -before));
}

function pageOf<Record>(
  records: Record[],
  order: Order<Record>,
  { limit, after }: PageRequest,
): Page<Record> {
  assertLimit(limit);
  const { positionOf, newestFirst } = order;
  const isAfter = (position: string) =>
    after === undefined || (newestFirst ? position < after : position > after);
  const rest = sorted(records, order).filter((record) => isAfter(positionOf(record)));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return rest.length > limit && last !== undefined ? { items, next: positionOf(last) } : { items };
}

export const byCreation: Order<Reservation> = {
  positionOf: ({ createdAtMs, keyHash }) => timePosition(createdAtMs, keyHash),
  newestFirst: false,
};
const byOccurrence: Order<Movement> = {
  positionOf: ({ occurredAtMs, movementId }) => timePosition(occurredAtMs, movementId),
  newestFirst: true,
};
const bySku: Order<Product> = { positionOf: ({ sku }) => sku, newestFirst: false };
const byKeyId: Order<ApiKey> = { positionOf: ({ keyId }) => keyId, newestFirst: false };
const byConfirmation: Order<Reservation> = {
  positionOf: ({ history, keyHash }) =>
    timePosition(history.find(({ did }) => did === 'confirm')?.atMs ?? 0, keyHash),
  newestFirst: false,
};

export function listProducts(
  records: MemoryRecords,
  { tenantId, prefix }: { readonly tenantId: string; readonly prefix: string },
  page: PageRequest,
): Page<Product> {
  const found = records.select(
    'product',
    (product) => product.tenantId === tenantId && product.sku.startsWith(prefix),
  );
  return pageOf(found, bySku, page);
}

export function listKeys(records: MemoryRecords, tenantId: string, page: PageRequest): Page<ApiKey> {
  return pageOf(
    records.select('apiKey', (key) => key.tenantId === tenantId),
    byKeyId,
    page,
  );
}

export function listMovements(
  records: MemoryRecords,
  { tenantId, sku, locationId, fromMs = 0, toMs = Number.POSITIVE_INFINITY }: MovementQuery,
  page: PageRequest,
): Page<Movement> {
  if (sku === undefined && locationId === undefined) {
    throw new Error('A list of movements needs a sku or a location');
  }
  const found = records.select(
    'movement',
    (movement) =>
      movement.tenantId === tenantId &&
      (sku === undefined || movement.sku === sku) &&
      (locationId === undefined || movement.locationId === locationId) &&
      movement.occurredAtMs >= fromMs &&
      movement.occurredAtMs <= toMs,
  );
  return pageOf(found, byOccurrence, page);
}

export function listReservations(
  records: MemoryRecords,
  { tenantId, reference }: ReservationQuery,
  page: PageRequest,
): Page<Reservation> {
  const found = records.select(
    'reservation',
    (reservation) =>
      reservation.tenantId === tenantId && (reference === undefined || reservation.reference === reference),
  );
  return pageOf(found, { ...byCreation, newestFirst: true }, page);
}

export function reservationsOfOrder(
  records: MemoryRecords,
  tenantId: string,
  orderId: string,
): Reservation[] {
  const found = records.select(
    'reservation',
    (reservation) => reservation.tenantId === tenantId && reservation.orderId === orderId,
  );
  return sorted(found, byConfirmation).slice(0, ORDER_RESERVATIONS_MAX);
}
