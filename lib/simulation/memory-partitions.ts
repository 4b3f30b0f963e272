/** What the simulated store reads as a whole partition. */
import {
  ledgerPartition,
  orderRecordsPartition,
  receiptPartition,
  reservationPartition,
  skuPartition,
  tenantPartition,
} from '../adapters/dynamodb/partitions.ts';
import type { SkuRecords } from '../application/ports.ts';
import type { MovementReceipt } from '../domain/movement.ts';
import type { Order } from '../domain/order.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Webhook } from '../domain/webhook.ts';
import type { MemoryTable } from './memory-table.ts';

interface OfSku {
  readonly tenantId: string;
  readonly sku: string;
}

/** Everything of a sku, perhaps as it was a moment ago. */
export function readSku({ records }: MemoryTable, { tenantId, sku }: OfSku, ageMs: number): SkuRecords {
  const partition = skuPartition(tenantId, sku);
  return {
    product: records.read('product', { tenantId, sku }, ageMs),
    stocks: records.inPartition(partition, 'stock', ageMs),
    quotas: records.inPartition(partition, 'quota', ageMs),
    grants: records.inPartition(partition, 'grant', ageMs),
    demands: records.inPartition(partition, 'demand', ageMs),
  };
}

/** The sum of the deltas of a sku's ledger, by location. */
export function sumLedger({ records }: MemoryTable, { tenantId, sku }: OfSku): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { locationId, delta } of records.inPartition(ledgerPartition(tenantId, sku), 'movement')) {
    sums.set(locationId, (sums.get(locationId) ?? 0) + delta);
  }
  return sums;
}

interface OfKey {
  readonly tenantId: string;
  readonly keyHash: string;
}

/** Reservations under one idempotency key, one for each region, perhaps as they were a moment ago. */
export const readSiblings = (
  { records }: MemoryTable,
  { tenantId, keyHash }: OfKey,
  ageMs: number,
): Reservation[] => records.inPartition(reservationPartition(tenantId, keyHash), 'reservation', ageMs);

/** What one idempotency key has booked, in each region. */
export const readReceipts = ({ records }: MemoryTable, { tenantId, keyHash }: OfKey): MovementReceipt[] =>
  records.inPartition(receiptPartition(tenantId, keyHash), 'movementReceipt');

/** What was recorded under an order id. */
export const readOrders = ({ records }: MemoryTable, tenantId: string, orderId: string): Order[] =>
  records.inPartition(orderRecordsPartition(tenantId, orderId), 'order');

export const readWebhooks = ({ records }: MemoryTable, tenantId: string): Webhook[] =>
  records.inPartition(tenantPartition(tenantId), 'webhook');
