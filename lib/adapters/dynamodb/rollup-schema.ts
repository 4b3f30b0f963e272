/** The schemas of what the read model's table holds. */
import * as z from 'zod';
import type { Watermark } from '../../application/ports.ts';
import type {
  CommittedUnits,
  Rollup,
  RollupProduct,
  RollupQuota,
  RollupStock,
  SeenReservation,
} from '../../domain/rollup.ts';
import { domainEvent } from './event-schema.ts';
import { count, id, loose, time, version } from './schema-parts.ts';

const committed = z.array(loose<CommittedUnits>()({ locationId: id, units: count }));

export const rollup = loose<Rollup>()({
  tenantId: id,
  sku: id,
  region: id,
  product: loose<RollupProduct>()({
    status: z.enum(['active', 'archived']),
    safetyStock: count,
    version,
  }).exactOptional(),
  stocks: z.array(
    loose<RollupStock>()({
      locationId: id,
      region: id,
      onHand: count,
      keptBack: count,
      shortage: count,
      version,
    }),
  ),
  quotas: z.array(
    loose<RollupQuota>()({
      locationId: id,
      region: id,
      shard: count,
      available: count,
      promised: count,
      version,
    }),
  ),
  committed,
  recent: z.array(loose<SeenReservation>()({ id, version, seenAtMs: time, committed })),
  level: z.enum(['in', 'low', 'out']).exactOptional(),
  unsentEvents: z.array(domainEvent),
  asOfMs: time,
  version,
});

export const watermark = loose<Watermark>()({ writtenAtMs: time, seenAtMs: time });
