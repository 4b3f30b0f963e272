import type { Order } from '../../domain/order.ts';
import { ORDER_RESERVATIONS_MAX } from './answer-limits.ts';
import type { Database } from './database.ts';
import { fromItem } from './items.ts';
import { orderRecordsPartition } from './partitions.ts';
import { queryPage } from './queries.ts';

/** The records of an order, one for each reservation; read strongly, at most `ORDER_RESERVATIONS_MAX`. */
export async function ordersUnder(
  database: Database,
  { tenantId, orderId }: { readonly tenantId: string; readonly orderId: string },
): Promise<Order[]> {
  const range = { partition: orderRecordsPartition(tenantId, orderId) };
  const { items } = await queryPage(database, range, { strong: true, limit: ORDER_RESERVATIONS_MAX });
  return items.map((item) => fromItem('order', item));
}
