/** What one idempotency key has made, in whatever region: one partition holds it all. */
import type { MovementReceipt } from '../../domain/movement.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { Database } from './database.ts';
import { fromItem } from './items.ts';
import { receiptPartition, reservationPartition } from './partitions.ts';
import { queryItems } from './queries.ts';

/** One record for each region at most; the largest reservation is 400 KB. */
const PAGES_MAX = 10;

interface KeyOfTenant {
  readonly tenantId: string;
  readonly keyHash: string;
}

/**
 * Reservations under one key. Read eventually: what another region made is a moment old in any case, and the
 * condition of the write that follows sees what this region made.
 */
export async function readSiblings(
  database: Database,
  { tenantId, keyHash }: KeyOfTenant,
): Promise<Reservation[]> {
  const range = { partition: reservationPartition(tenantId, keyHash) };
  const items = await queryItems(database, range, { pagesMax: PAGES_MAX });
  return items.map((item) => fromItem('reservation', item));
}

/** Movements under one key. */
export async function readReceipts(
  database: Database,
  { tenantId, keyHash }: KeyOfTenant,
): Promise<MovementReceipt[]> {
  const range = { partition: receiptPartition(tenantId, keyHash) };
  const items = await queryItems(database, range, { strong: true, pagesMax: PAGES_MAX });
  return items.map((item) => fromItem('movementReceipt', item));
}
