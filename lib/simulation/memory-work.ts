/** What the simulated store knows of claims and of work that is due. */
import { DUE_BATCH_MAX } from '../adapters/dynamodb/answer-limits.ts';
import { timeKey } from '../adapters/dynamodb/keys.ts';
import type { Claims, DueWork, SeenClaims } from '../application/ports.ts';
import type { Product } from '../domain/catalogue.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Acceptance, Grant } from '../domain/grant.ts';
import { isOpen, type Reservation } from '../domain/reservation.ts';
import type { Shipment } from '../domain/shipment.ts';
import { claimOf, type SeenClaim } from '../domain/unit-claims.ts';
import type { Unsent } from '../domain/unsent.ts';
import { dueBucket, openBucket, openManyBucket, sendingBucket, unbookedBucket } from './index-places.ts';
import type { MemoryTable } from './memory-table.ts';

interface OfSku {
  readonly tenantId: string;
  readonly sku: string;
}

const names = (lines: readonly { readonly sku: string }[], sku: string): boolean =>
  lines.some((line) => line.sku === sku);

/** Open reservations and unbooked shipments that name a sku, the oldest first. */
export function claimsOn(table: MemoryTable, { tenantId, sku }: OfSku): Claims {
  const read = <Record>(bucket: string): Record[] =>
    table.indexes.list(bucket).flatMap(({ listed }) => (table.records.at(listed.key) as Record) ?? []);
  return {
    reservations: read<Reservation>(openBucket(tenantId, sku)).filter(
      ({ status, lines }) => isOpen(status) && names(lines, sku),
    ),
    unbookedShipments: read<Shipment>(unbookedBucket(tenantId, sku)).filter(
      ({ bookingDueAtMs, lines }) => bookingDueAtMs !== undefined && names(lines, sku),
    ),
  };
}

/** Records never change, so what one claims is computed once, though every rollup asks for it again. */
const claimsKnown = new WeakMap<object, SeenClaim>();

function claimShown(image: object): SeenClaim {
  const known = claimsKnown.get(image) ?? claimOf(image as Reservation);
  claimsKnown.set(image, known);
  return known;
}

/** The claims of open reservations on a sku, as the index shows them. */
export function claimsSeen(
  { indexes }: MemoryTable,
  { tenantId, sku }: OfSku,
  oldest = Number.POSITIVE_INFINITY,
): SeenClaims {
  const entries = indexes.list(openBucket(tenantId, sku));
  const claims = entries.slice(0, oldest).map(({ listed }) => claimShown(listed.image));
  return { claims, isComplete: entries.length <= oldest };
}

const seenIn = (table: MemoryTable, bucket: string): SeenClaim[] =>
  table.indexes.list(bucket).map(({ listed }) => claimShown(listed.image));

/** The claims of open reservations that name a sku and no other. */
export function claimsSeenAlone(table: MemoryTable, { tenantId, sku }: OfSku): SeenClaim[] {
  const among = new Set(seenIn(table, openManyBucket(tenantId)).map(({ id }) => id));
  return seenIn(table, openBucket(tenantId, sku)).filter(({ id }) => !among.has(id));
}

/** The claims of a tenant's open reservations that name several skus. */
export const claimsSeenAmong = (table: MemoryTable, tenantId: string): SeenClaim[] =>
  seenIn(table, openManyBucket(tenantId));

/** What makes a record due that an index names; it may have been done since. */
const DUE_AT: {
  readonly reservation: (record: Reservation) => number | undefined;
  readonly shipment: (record: Shipment) => number | undefined;
  readonly product: (record: Product) => number | undefined;
  readonly acceptance: (record: Acceptance) => number | undefined;
  readonly grant: (record: Grant) => number | undefined;
  readonly unsent: (record: Unsent) => number | undefined;
  readonly delivery: (record: Delivery) => number | undefined;
} = {
  reservation: ({ status, expiresAtMs }) => (status === 'held' ? expiresAtMs : undefined),
  shipment: ({ bookingDueAtMs }) => bookingDueAtMs,
  product: ({ settleDueAtMs }) => settleDueAtMs,
  acceptance: ({ checkDueAtMs }) => checkDueAtMs,
  grant: ({ checkDueAtMs }) => checkDueAtMs,
  unsent: ({ dueAtMs }) => dueAtMs,
  delivery: ({ dueAtMs }) => dueAtMs,
};
/** As many messages as a look takes. */
const SENDING_BATCH_MAX = 100;

type Workable = keyof typeof DUE_AT;

interface Due {
  readonly entity: Workable;
  readonly record: object;
}

function dueIn(
  { indexes, records }: MemoryTable,
  nowMs: number,
  list: { bucket: string; max: number },
): Due[] {
  const found: Due[] = [];
  const end = timeKey(nowMs + 1);
  for (const { position, listed } of indexes.list(list.bucket)) {
    if (position >= end || found.length === list.max) break;
    const entity = listed.entity as Workable;
    const record = records.at(listed.key);
    const dueAtMs = record && DUE_AT[entity](record as never);
    if (dueAtMs !== undefined && dueAtMs <= nowMs) found.push({ entity, record: record as object });
  }
  return found;
}

/** Work of a region due at or before a time, the oldest first; at most a batch of it. */
export function dueWork(table: MemoryTable, region: string, nowMs: number): DueWork {
  const found = [
    ...dueIn(table, nowMs, { bucket: dueBucket(region), max: DUE_BATCH_MAX }),
    ...dueIn(table, nowMs, { bucket: sendingBucket(region), max: SENDING_BATCH_MAX }),
  ];
  const of = <Record>(wanted: Workable): Record[] =>
    found.flatMap(({ entity, record }) => (entity === wanted ? [record as Record] : []));
  return {
    reservations: of('reservation'),
    shipments: of('shipment'),
    products: of('product'),
    acceptances: of('acceptance'),
    grants: of('grant'),
    unsent: of('unsent'),
    deliveries: of('delivery'),
  };
}
