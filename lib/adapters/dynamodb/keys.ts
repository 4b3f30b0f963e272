/** The primary key of every record. `docs/data-model.md` lists them with what is read by them. */
import { KEY_DELIMITER } from '../../config/partitions.ts';
import type { TABLE_KEY } from '../../config/table.ts';
import type { EntityKeys, EntityName } from '../../domain/entities.ts';
import {
  acceptancePartition,
  deliveriesPartition,
  keyPart,
  ledgerPartition,
  locationsPartition,
  loggedPartition,
  orderRecordsPartition,
  type Partition,
  receiptPartition,
  regionPartition,
  reservationPartition,
  secretPartition,
  shipmentPartition,
  skuPartition,
  tenantPartition,
  unsentPartition,
} from './partitions.ts';

/** The attributes of the table's key, as they stand in an item. */
export type StoredKey = Readonly<Record<(typeof TABLE_KEY)[keyof typeof TABLE_KEY], string>>;

/** The attributes of the table's key, to ask for an item. */
export type ItemKey = StoredKey & Readonly<Record<typeof TABLE_KEY.partition, Partition>>;

/** The fields that make up each record's key. */
export const KEY_FIELDS: { readonly [Name in EntityName]: readonly (keyof EntityKeys[Name] & string)[] } = {
  tenant: ['tenantId'],
  apiKey: ['tenantId', 'keyId'],
  product: ['tenantId', 'sku'],
  location: ['tenantId', 'locationId'],
  stock: ['tenantId', 'sku', 'locationId'],
  quota: ['tenantId', 'sku', 'locationId', 'region', 'shard'],
  grant: ['tenantId', 'sku', 'grantId'],
  acceptance: ['tenantId', 'grantId'],
  demand: ['tenantId', 'sku', 'locationId', 'region'],
  reservation: ['tenantId', 'keyHash', 'region'],
  shipment: ['tenantId', 'shipmentId'],
  movement: ['tenantId', 'sku', 'occurredAtMs', 'movementId'],
  movementReceipt: ['tenantId', 'keyHash', 'region'],
  order: ['tenantId', 'orderId', 'region', 'keyHash'],
  unsent: ['region', 'channel', 'id'],
  webhook: ['tenantId', 'webhookId'],
  delivery: ['tenantId', 'webhookId', 'createdAtMs', 'deliveryId'],
  secret: ['region', 'name'],
  regionState: ['region'],
  retirement: ['region', 'by'],
  auditWalk: ['region'],
};

/** Sort keys of records that are alone in their partition, or the first words of those that are not. */
export const SORT = {
  tenant: 'TENANT',
  apiKey: 'KEY',
  product: 'PRODUCT',
  stock: 'STOCK',
  quota: 'QUOTA',
  grant: 'GRANT',
  demand: 'DEMAND',
  acceptance: 'ACCEPTANCE',
  reservation: 'RESERVATION',
  shipment: 'SHIPMENT',
  movementReceipt: 'RECEIPT',
  order: 'ORDER',
  unsent: 'UNSENT',
  webhook: 'WEBHOOK',
  delivery: 'DELIVERY',
  regionState: 'REGION',
  retirement: 'RETIREMENT',
  auditWalk: 'AUDIT',
} as const;

/** The word that a sort key begins with: it tells the kind of record. */
export const firstWord = (sortKey: unknown): string => String(sortKey).split(KEY_DELIMITER, 1)[0] ?? '';

/** Digits of a time in a key, so that keys sort as times do; enough until the year 2286. */
const TIME_DIGITS = 13;
const TIME_MAX_MS = 10 ** TIME_DIGITS - 1;
/** Two digits keep the shards of a quota in order; a quota will never have a hundred. */
const QUOTA_SHARD_DIGITS = 2;

/** A time as keys have it. */
export function timeKey(atMs: number): string {
  if (!Number.isInteger(atMs) || atMs < 0 || atMs > TIME_MAX_MS) throw new Error(`Not a time: ${atMs}`);
  return String(atMs).padStart(TIME_DIGITS, '0');
}

/** Position of a record in a list by time: the time, then the id, so that no two records share one. */
export const timePosition = (atMs: number, id: string): string => `${timeKey(atMs)}#${keyPart(id)}`;

const KEYS: { readonly [Name in EntityName]: (key: EntityKeys[Name]) => ItemKey } = {
  tenant: ({ tenantId }) => ({ pk: tenantPartition(tenantId), sk: SORT.tenant }),
  apiKey: ({ tenantId, keyId }) => ({
    pk: tenantPartition(tenantId),
    sk: `${SORT.apiKey}#${keyPart(keyId)}`,
  }),
  product: ({ tenantId, sku }) => ({ pk: skuPartition(tenantId, sku), sk: SORT.product }),
  location: ({ tenantId, locationId }) => ({ pk: locationsPartition(tenantId), sk: keyPart(locationId) }),
  stock: ({ tenantId, sku, locationId }) => ({
    pk: skuPartition(tenantId, sku),
    sk: `${SORT.stock}#${keyPart(locationId)}`,
  }),
  quota: ({ tenantId, sku, locationId, region, shard }) => ({
    pk: skuPartition(tenantId, sku),
    sk: [
      SORT.quota,
      keyPart(locationId),
      keyPart(region),
      String(shard).padStart(QUOTA_SHARD_DIGITS, '0'),
    ].join('#'),
  }),
  grant: ({ tenantId, sku, grantId }) => ({
    pk: skuPartition(tenantId, sku),
    sk: `${SORT.grant}#${keyPart(grantId)}`,
  }),
  acceptance: ({ tenantId, grantId }) => ({
    pk: acceptancePartition(tenantId, grantId),
    sk: SORT.acceptance,
  }),
  demand: ({ tenantId, sku, locationId, region }) => ({
    pk: skuPartition(tenantId, sku),
    sk: `${SORT.demand}#${keyPart(locationId)}#${keyPart(region)}`,
  }),
  // The region is part of the key: two regions that are asked the same thing at once must not write one item.
  reservation: ({ tenantId, keyHash, region }) => ({
    pk: reservationPartition(tenantId, keyHash),
    sk: `${SORT.reservation}#${keyPart(region)}`,
  }),
  shipment: ({ tenantId, shipmentId }) => ({
    pk: shipmentPartition(tenantId, shipmentId),
    sk: SORT.shipment,
  }),
  movement: ({ tenantId, sku, occurredAtMs, movementId }) => ({
    pk: ledgerPartition(tenantId, sku),
    sk: timePosition(occurredAtMs, movementId),
  }),
  movementReceipt: ({ tenantId, keyHash, region }) => ({
    pk: receiptPartition(tenantId, keyHash),
    sk: `${SORT.movementReceipt}#${keyPart(region)}`,
  }),
  order: ({ tenantId, orderId, region, keyHash }) => ({
    pk: orderRecordsPartition(tenantId, orderId),
    sk: `${SORT.order}#${keyPart(region)}#${keyPart(keyHash)}`,
  }),
  unsent: ({ region, channel, id }) => ({
    pk: unsentPartition(region, channel, id),
    sk: SORT.unsent,
  }),
  webhook: ({ tenantId, webhookId }) => ({
    pk: tenantPartition(tenantId),
    sk: `${SORT.webhook}#${keyPart(webhookId)}`,
  }),
  delivery: ({ tenantId, webhookId, createdAtMs, deliveryId }) => ({
    pk: deliveriesPartition(tenantId, webhookId),
    sk: `${SORT.delivery}#${timePosition(createdAtMs, deliveryId)}`,
  }),
  secret: ({ region, name }) => ({ pk: secretPartition(region), sk: keyPart(name) }),
  regionState: ({ region }) => ({ pk: regionPartition(region), sk: SORT.regionState }),
  retirement: ({ region, by }) => ({
    pk: regionPartition(region),
    sk: `${SORT.retirement}#${keyPart(by)}`,
  }),
  auditWalk: ({ region }) => ({ pk: regionPartition(region), sk: SORT.auditWalk }),
};

/** Where a record is stored. */
export function itemKey<Name extends EntityName>(entity: Name, key: EntityKeys[Name]): ItemKey {
  return KEYS[entity](key);
}

/** The key as one string, to compare and to look up. */
export const keyText = ({ pk, sk }: StoredKey): string => `${pk}|${sk}`;

/** The key as a log may have it: ids and hashes, and no text of a caller. */
export const loggedKey = ({ pk, sk }: StoredKey): string => `${loggedPartition(pk)}|${sk}`;
