/** The schema of a stored reservation. */
import * as z from 'zod';
import type {
  Allocation,
  HistoryEntry,
  QueuedLine,
  Reservation,
  ReservationLine,
} from '../../domain/reservation.ts';
import { count, id, loose, texts, time, version } from './schema-parts.ts';

type Entry<Did extends HistoryEntry['did']> = Extract<HistoryEntry, { did: Did }>;

const units = z.array(z.tuple([count, count, count]));

const origin = {
  atMs: time,
  keyHash: id.exactOptional(),
  fingerprint: id.exactOptional(),
  requestId: id.exactOptional(),
};

const historyEntry = z.discriminatedUnion('did', [
  loose<Entry<'confirm'>>()({
    ...origin,
    did: z.literal('confirm'),
    orderId: id.exactOptional(),
    metadata: texts.exactOptional(),
    leftOut: units.exactOptional(),
  }),
  loose<Entry<'release'>>()({ ...origin, did: z.literal('release'), units }),
  loose<Entry<'extend'>>()({ ...origin, did: z.literal('extend'), expiresAtMs: time }),
  loose<Entry<'expire'>>()({ ...origin, did: z.literal('expire') }),
  loose<Entry<'cancel'>>()({ ...origin, did: z.literal('cancel') }),
  loose<Entry<'queue'>>()({
    ...origin,
    did: z.literal('queue'),
    orderId: id.exactOptional(),
    lines: z
      .array(loose<QueuedLine>()({ sku: id, quantity: count, locationId: id.exactOptional() }))
      .exactOptional(),
    metadata: texts.exactOptional(),
  }),
  loose<Entry<'refuse'>>()({
    ...origin,
    did: z.literal('refuse'),
    code: id as z.ZodType<Entry<'refuse'>['code']>,
    detail: z.string(),
  }),
  loose<Entry<'ship'>>()({
    ...origin,
    did: z.literal('ship'),
    units,
    rest: units.exactOptional(),
    carrier: z.string().exactOptional(),
    trackingId: z.string().exactOptional(),
  }),
]);

const allocation = loose<Allocation>()({ locationId: id, region: id, shard: count, quantity: count });

const line = loose<ReservationLine>()({
  sku: id,
  locationId: id.exactOptional(),
  quantity: count,
  allocations: z.array(allocation),
});

export const reservation = loose<Reservation>()({
  tenantId: id,
  keyHash: id,
  nonce: id,
  fingerprint: id,
  requestId: id.exactOptional(),
  region: id,
  createdAtMs: time,
  firstExpiresAtMs: time,
  actor: id,
  reference: id.exactOptional(),
  metadata: texts,
  lines: z.array(line),
  status: z.enum(['held', 'confirmed', 'partially_shipped', 'shipped', 'released', 'expired', 'cancelled']),
  expiresAtMs: time,
  orderId: id.exactOptional(),
  queuedAtMs: time.exactOptional(),
  version,
  history: z.array(historyEntry),
});
