/**
 * Every partition key, of the table, of its indexes and of the read model. Nothing else makes one: the type `Partition`
 * can be had nowhere else. What is a tenant's begins with the tenant, and whatever follows is set apart by the
 * delimiter, so that the policies of `lib/config/access-policies.ts` can tell it by its beginning.
 */
import { KEY_DELIMITER, PARTITION_WORDS, REQUEST_BUCKET } from '../../config/partitions.ts';

declare const MADE_HERE: unique symbol;

/** A partition key. */
export type Partition = string & { readonly [MADE_HERE]: true };

/**
 * A part of a key. `#` joins the parts, so one that contains it could name another tenant's record: ids are
 * checked when they come in, and here once more.
 */
export function keyPart(part: string): string {
  if (part === '' || part.includes(KEY_DELIMITER)) {
    throw new Error('Not usable as a part of a key: it is empty, or has a delimiter in it');
  }
  return part;
}

const join = (...parts: readonly string[]): Partition => parts.join(KEY_DELIMITER) as Partition;

const of = (word: keyof typeof PARTITION_WORDS, ...parts: readonly string[]): Partition =>
  join(PARTITION_WORDS[word], ...parts.map(keyPart));

const ofTenant = (tenantId: string, ...parts: readonly string[]): Partition =>
  of('tenant', tenantId, ...parts);

/** What partitions are for that end with a caller's text. */
const ENDING_WITH_TEXT = { orderRecords: 'ORD', reference: 'REF', order: 'ORDER' } as const;

/** A caller's text comes last, where it can imitate nothing, whatever it contains. */
const withText = (tenantId: string, purpose: keyof typeof ENDING_WITH_TEXT, text: string): Partition =>
  join(ofTenant(tenantId, ENDING_WITH_TEXT[purpose]), text);

/** A partition key as a log may have it: without the caller's text that it ends with. */
export function loggedPartition(partition: string): string {
  const [word = '', tenantId = '', purpose = '', ...text] = partition.split(KEY_DELIMITER);
  const endsWithText = Object.values<string>(ENDING_WITH_TEXT).includes(purpose) && text.length > 0;
  return word === PARTITION_WORDS.tenant && endsWithText ? join(word, tenantId, purpose, '…') : partition;
}

export const tenantPartition = (tenantId: string): Partition => ofTenant(tenantId);
export const locationsPartition = (tenantId: string): Partition => ofTenant(tenantId, 'LOCATIONS');
export const skuPartition = (tenantId: string, sku: string): Partition => ofTenant(tenantId, 'SKU', sku);
export const reservationPartition = (tenantId: string, keyHash: string): Partition =>
  ofTenant(tenantId, 'RES', keyHash);
export const receiptPartition = (tenantId: string, keyHash: string): Partition =>
  ofTenant(tenantId, 'MOV', keyHash);
export const acceptancePartition = (tenantId: string, grantId: string): Partition =>
  ofTenant(tenantId, 'ACC', grantId);
export const shipmentPartition = (tenantId: string, shipmentId: string): Partition =>
  ofTenant(tenantId, 'SHP', shipmentId);
export const orderRecordsPartition = (tenantId: string, orderId: string): Partition =>
  withText(tenantId, 'orderRecords', orderId);
export const deliveriesPartition = (tenantId: string, webhookId: string): Partition =>
  ofTenant(tenantId, 'HOOK', webhookId);
export const ledgerPartition = (tenantId: string, sku: string): Partition =>
  ofTenant(tenantId, 'LEDGER', sku);

export const unsentPartition = (region: string, channel: string, id: string): Partition =>
  join(of('unsent', region, channel), id);
export const secretPartition = (region: string): Partition => of('secret', region);
export const regionPartition = (region: string): Partition => of('region', region);

export const productsPartition = (tenantId: string): Partition => ofTenant(tenantId, 'PRODUCTS');
export const locationLedgerPartition = (tenantId: string, locationId: string, shard: number): Partition =>
  ofTenant(tenantId, `LEDGER@${locationId}`, String(shard));
export const reservationsPartition = (tenantId: string, shard: number): Partition =>
  ofTenant(tenantId, 'RESERVATIONS', String(shard));
export const referencePartition = (tenantId: string, reference: string): Partition =>
  withText(tenantId, 'reference', reference);
export const orderPartition = (tenantId: string, orderId: string): Partition =>
  withText(tenantId, 'order', orderId);
export const duePartition = (region: string, shard: number): Partition => of('due', region, String(shard));
/** Apart from other work that is due: however many messages wait for a bus or a receiver, they hide no expiry. */
export const sendingPartition = (region: string, shard: number): Partition =>
  of('due', region, 'SEND', String(shard));
export const openPartition = (tenantId: string, sku: string): Partition => ofTenant(tenantId, 'OPEN', sku);
/** No sku has a `*`. */
export const openManyPartition = (tenantId: string, shard: number): Partition =>
  ofTenant(tenantId, 'OPEN', `*${shard}`);

/** The bucket of a tenant's requests. */
export const bucketPartition = (tenantId: string): Partition => ofTenant(tenantId, ...REQUEST_BUCKET);
/** The open holds of a tenant, or of one reference of it. */
export const holdsPartition = (tenantId: string, referenceHash?: string): Partition =>
  referenceHash === undefined
    ? ofTenant(tenantId, 'LIMITS', 'HOLDS')
    : ofTenant(tenantId, 'LIMITS', 'REFERENCE', referenceHash);

/** The partition of what the read model keeps once for a region. */
export const watermarkPartition = (): Partition => join('WATERMARK');
/** The partition of no item, which is asked for to see whether the database answers. */
export const nowherePartition = (): Partition => join('PING');
