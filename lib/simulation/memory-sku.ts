/** What the simulated store reads of one sku. */
import { ledgerPartition, skuPartition } from '../adapters/dynamodb/keys.ts';
import type { SkuRecords } from '../application/ports.ts';
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
