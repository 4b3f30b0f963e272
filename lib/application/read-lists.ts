/** The lists of the API. All but the filters are the store's; a page is filled from as many reads as it needs. */
import type { ApiKey } from '../domain/access.ts';
import type { Location, Product } from '../domain/catalogue.ts';
import { listIdOf } from '../domain/identifiers.ts';
import type { Movement, MovementType } from '../domain/movement.ts';
import type { Reservation, ReservationStatus } from '../domain/reservation.ts';
import { shownStatus } from '../domain/transitions.ts';
import { fillPage } from './list-page.ts';
import type { Dependencies, MovementQuery, Page, PageRequest, ReservationQuery } from './ports.ts';

/** Digits of a time in a position: positions of a list by time sort as text. */
const TIME_DIGITS = 13;

/** The place of a record in a list by time. The store's lists go on behind the position they are given. */
export const timePosition = (atMs: number, id: string): string =>
  `${String(atMs).padStart(TIME_DIGITS, '0')}#${id}`;

/** Products by sku; all states unless one is asked for. */
export function listProducts(
  deps: Dependencies,
  query: { readonly tenantId: string; readonly prefix: string; readonly status?: Product['status'] },
  page: PageRequest,
): Promise<Page<Product>> {
  const { tenantId, prefix, status } = query;
  return fillPage(page, {
    read: (part) => deps.store.listProducts(tenantId, prefix, part),
    accepts: (product) => status === undefined || product.status === status,
    positionOf: ({ sku }) => sku,
  });
}

/** Locations by id: they are few, so the page is cut from all of them. */
export async function listLocations(
  deps: Dependencies,
  tenantId: string,
  { limit, after = '' }: PageRequest,
): Promise<Page<Location>> {
  const all = await deps.store.locations(tenantId);
  const behind = all.filter(({ locationId }) => locationId > after);
  behind.sort((a, b) => (a.locationId < b.locationId ? -1 : 1));
  const items = behind.slice(0, limit);
  const last = items.at(-1);
  return behind.length > limit && last !== undefined ? { items, next: last.locationId } : { items };
}

/** The ledger, newest first. */
export function listMovements(
  deps: Dependencies,
  { type, ...query }: MovementQuery & { readonly type?: MovementType },
  page: PageRequest,
): Promise<Page<Movement>> {
  return fillPage(page, {
    read: (part) => deps.store.listMovements(query, part),
    accepts: (movement) =>
      (type === undefined || movement.type === type) &&
      (query.sku === undefined || movement.sku === query.sku) &&
      (query.locationId === undefined || movement.locationId === query.locationId),
    positionOf: ({ occurredAtMs, movementId }) => timePosition(occurredAtMs, movementId),
  });
}

/** Reservations, newest first, as they show now. */
export function listReservations(
  deps: Dependencies,
  query: ReservationQuery & { readonly status?: ReservationStatus; readonly sku?: string },
  page: PageRequest,
): Promise<Page<Reservation>> {
  const { status, sku, ...indexed } = query;
  const nowMs = deps.clock.now();
  return fillPage(page, {
    read: (part) => deps.store.listReservations(indexed, part),
    accepts: (reservation) =>
      (status === undefined || shownStatus(reservation, nowMs) === status) &&
      (sku === undefined || reservation.lines.some((line) => line.sku === sku)),
    positionOf: (reservation) => timePosition(reservation.createdAtMs, listIdOf(reservation)),
  });
}

/** The keys of a tenant that work, by id. */
export function listKeys(deps: Dependencies, tenantId: string, page: PageRequest): Promise<Page<ApiKey>> {
  return fillPage(page, {
    read: (part) => deps.store.listKeys(tenantId, part),
    accepts: ({ revokedAtMs }) => revokedAtMs === undefined,
    positionOf: ({ keyId }) => keyId,
  });
}
