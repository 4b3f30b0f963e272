/**
 * What a stored record must look like. Items are parsed on the way in and records on the way out, so that a
 * malformed one is found where it is made and never believed. Fields that this version does not know, because
 * a newer one wrote them during a deployment, are kept.
 */
import * as z from 'zod';
import type { EntityName, EntityRecords } from '../../domain/entities.ts';
import { acceptance, auditWalk, demand, grant, regionState, retirement } from './region-schemas.ts';
import { reservation } from './reservation-schema.ts';
import { count, id, loose, texts, time, version } from './schema-parts.ts';
import { delivery, order, unsent, webhook } from './spine-schemas.ts';

const tenant = loose<EntityRecords['tenant']>()({
  tenantId: id,
  name: z.string(),
  tier: z.enum(['free', 'standard', 'premium', 'unlimited']),
  homeRegion: id,
  createdAtMs: time,
});

const apiKey = loose<EntityRecords['apiKey']>()({
  tenantId: id,
  keyId: id,
  scopes: z.array(z.enum(['read', 'write', 'admin'])),
  name: z.string().exactOptional(),
  secretHash: id,
  createdAtMs: time,
  revokedAtMs: time.exactOptional(),
});

const product = loose<EntityRecords['product']>()({
  tenantId: id,
  sku: id,
  name: z.string(),
  description: z.string().exactOptional(),
  unit: z.string(),
  attributes: texts,
  safetyStock: count,
  status: z.enum(['active', 'archived']),
  version,
  createdAtMs: time,
  updatedAtMs: time,
  settleDueAtMs: time.exactOptional(),
});

const location = loose<EntityRecords['location']>()({
  tenantId: id,
  locationId: id,
  name: z.string(),
  region: id,
  type: z.string(),
  priority: z.int(),
  latitude: z.number().exactOptional(),
  longitude: z.number().exactOptional(),
  version,
  createdAtMs: time,
  updatedAtMs: time,
});

const stock = loose<EntityRecords['stock']>()({
  tenantId: id,
  sku: id,
  locationId: id,
  region: id,
  onHand: count,
  keptBack: count,
  shortage: count,
  recalled: z.boolean().exactOptional(),
  recallVersion: count.exactOptional(),
  version,
});

const quota = loose<EntityRecords['quota']>()({
  tenantId: id,
  sku: id,
  locationId: id,
  region: id,
  shard: count,
  available: count,
  promised: count,
  recalled: z.boolean().exactOptional(),
  recallVersion: count.exactOptional(),
  taken: count.exactOptional(),
  arrivedAtMs: time.exactOptional(),
  version,
});

const shipment = loose<EntityRecords['shipment']>()({
  tenantId: id,
  shipmentId: id,
  reservationId: id,
  region: id,
  locationId: id,
  homeRegion: id,
  lines: z.array(z.looseObject({ sku: id, quantity: count })),
  shippedAtMs: time,
  carrier: z.string().exactOptional(),
  trackingId: z.string().exactOptional(),
  actor: id,
  bookingDueAtMs: time.exactOptional(),
});

const movement = loose<EntityRecords['movement']>()({
  tenantId: id,
  sku: id,
  occurredAtMs: time,
  movementId: id,
  locationId: id,
  type: z.enum(['receipt', 'return', 'write_off', 'adjustment', 'count', 'shipment']),
  quantity: z.int(),
  delta: z.int(),
  onHandAfter: count,
  region: id.exactOptional(),
  stockVersion: version.exactOptional(),
  actor: id,
  reason: z.string().exactOptional(),
  reference: z.string().exactOptional(),
});

const movementReceipt = loose<EntityRecords['movementReceipt']>()({
  tenantId: id,
  keyHash: id,
  region: id,
  fingerprint: id,
  movement,
});

const secret = loose<EntityRecords['secret']>()({ region: id, name: id, value: id });

/** The schema of each record. */
export const RECORD_SCHEMAS: { readonly [Name in EntityName]: z.ZodType<EntityRecords[Name]> } = {
  tenant,
  apiKey,
  product,
  location,
  stock,
  quota,
  grant,
  acceptance,
  demand,
  reservation,
  shipment,
  movement,
  movementReceipt,
  order,
  unsent,
  webhook,
  delivery,
  secret,
  regionState,
  retirement,
  auditWalk,
};
