/** The lists that callers page through. */
import type { Page, PageRequest, ReservationQuery } from '../../application/ports.ts';
import type { ApiKey } from '../../domain/access.ts';
import type { Product } from '../../domain/catalogue.ts';
import type { Reservation } from '../../domain/reservation.ts';
import { ORDER_RESERVATIONS_MAX } from './answer-limits.ts';
import type { Database } from './database.ts';
import { readIndexed } from './indexed-records.ts';
import { fromItem } from './items.ts';
import { SORT } from './keys.ts';
import { LAST, type List, listEntries, pageWith } from './list-pages.ts';
import {
  orderPartition,
  productsPartition,
  referencePartition,
  reservationsPartition,
  tenantPartition,
} from './partitions.ts';
import { queryPage } from './queries.ts';
import { RESERVATION_LIST_SHARDS, shardsOf } from './shards.ts';

/** Products by sku. */
export async function listProducts(
  database: Database,
  { tenantId, prefix }: { readonly tenantId: string; readonly prefix: string },
  page: PageRequest,
): Promise<Page<Product>> {
  const list: List = {
    index: 'list',
    partitions: [productsPartition(tenantId)],
    ...(prefix !== '' && { from: prefix, to: `${prefix}${LAST}` }),
    newestFirst: false,
  };
  const entries = await listEntries(database, list, page);
  const keys = entries.items.map(({ item }) => item);
  return pageWith(await readIndexed(database, 'product', keys), entries);
}

/** API keys by id, revoked ones as well. Positions are key ids. */
export async function listKeys(
  database: Database,
  tenantId: string,
  { limit, after }: PageRequest,
): Promise<Page<ApiKey>> {
  const first = `${SORT.apiKey}#`;
  const list: List = {
    partitions: [tenantPartition(tenantId)],
    from: first,
    to: `${first}${LAST}`,
    newestFirst: false,
  };
  const entries = await listEntries(database, list, {
    limit,
    ...(after !== undefined && { after: `${first}${after}` }),
  });
  const keys = entries.items.map(({ item }) => fromItem('apiKey', item));
  return entries.next === undefined
    ? { items: keys }
    : { items: keys, next: entries.next.slice(first.length) };
}

/** Reservations, newest first. */
export async function listReservations(
  database: Database,
  { tenantId, reference }: ReservationQuery,
  page: PageRequest,
): Promise<Page<Reservation>> {
  const list: List =
    reference === undefined
      ? {
          index: 'list',
          partitions: shardsOf(RESERVATION_LIST_SHARDS).map((shard) =>
            reservationsPartition(tenantId, shard),
          ),
          newestFirst: true,
        }
      : { index: 'reference', partitions: [referencePartition(tenantId, reference)], newestFirst: true };
  const entries = await listEntries(database, list, page);
  const keys = entries.items.map(({ item }) => item);
  return pageWith(await readIndexed(database, 'reservation', keys), entries);
}

/** The reservations of an order, the first confirmed first; at most `ORDER_RESERVATIONS_MAX`. */
export async function reservationsOfOrder(
  database: Database,
  { tenantId, orderId }: { readonly tenantId: string; readonly orderId: string },
): Promise<Reservation[]> {
  const range = { index: 'order', partition: orderPartition(tenantId, orderId) } as const;
  const { items } = await queryPage(database, range, { limit: ORDER_RESERVATIONS_MAX });
  return readIndexed(database, 'reservation', items);
}
