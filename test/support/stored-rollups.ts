import type { Rollup } from '../../lib/domain/rollup.ts';
import { REGION } from './stored-records.ts';

/** A rollup with every field that is not of interest filled in. */
export const rollupRecord = (given: Partial<Rollup> = {}): Rollup => ({
  tenantId: 'tenant',
  sku: 'sku',
  region: REGION,
  stocks: [],
  quotas: [],
  committed: [],
  recent: [],
  unsentEvents: [],
  asOfMs: 1_000,
  version: 1,
  ...given,
});

/** A rollup that uses every field. */
export const fullRollup = (given: Partial<Rollup> = {}): Rollup =>
  rollupRecord({
    product: { status: 'active', safetyStock: 2, version: 3 },
    stocks: [{ locationId: 'ber', region: REGION, onHand: 9, keptBack: 2, shortage: 0, version: 4 }],
    quotas: [{ locationId: 'ber', region: REGION, shard: 0, available: 3, promised: 4, version: 5 }],
    committed: [{ locationId: 'ber', units: 1 }],
    recent: [
      { id: 'hash.us-east-1', version: 2, seenAtMs: 900, committed: [{ locationId: 'ber', units: 1 }] },
    ],
    level: 'low',
    unsentEvents: [
      {
        type: 'stock.low',
        id: 'event',
        tenantId: 'tenant',
        region: REGION,
        occurredAtMs: 1_000,
        subject: 'sku',
        sequence: 2,
        data: { sku: 'sku', available: 3, safetyStock: 4 },
      },
    ],
    ...given,
  });
