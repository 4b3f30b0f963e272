/**
 * Names of the one global table: its keys, its indexes and their attributes. Shared by the construct that
 * creates the table and by the adapter that reads and writes it; what each key holds is in
 * `docs/data-model.md`.
 */

/** The key attributes of the table itself. */
export const TABLE_KEY = { partition: 'pk', sort: 'sk' } as const;

/** When DynamoDB may delete an item of the read model's table, in seconds since the epoch. */
export const READ_TABLE_END = 'endsAtSeconds';

/** A global secondary index: string partition and sort key, and what it projects besides the table's keys. */
export interface TableIndex {
  readonly name: string;
  readonly partition: string;
  readonly sort: string;
  /** Empty: keys only. Items are then read by their keys, so that no change of an item costs an index write. */
  readonly include: readonly string[];
}

/** Sparse indexes: an item is in an index only while it carries the index's two attributes. */
export const INDEXES = {
  /** Lists in order: products by sku, ledger of a location and reservations by time. */
  list: { name: 'list', partition: 'listPk', sort: 'listSk', include: [] },
  /** Work that falls due at a time: holds that expire, shipments to book, products to settle, acceptances to forget. */
  due: { name: 'due', partition: 'duePk', sort: 'dueSk', include: [] },
  /**
   * What has a claim on units of a sku: open reservations, and shipments not yet booked. It carries the claims
   * themselves, because stock is read a hundred times as often as a hold is confirmed: a confirmation costs one
   * index write more, and no read of stock has to fetch the reservations.
   */
  open: {
    name: 'open',
    partition: 'openPk',
    sort: 'openSk',
    include: ['skus', 'claims', 'status', 'expiresAtMs'],
  },
  /** Reservations by the caller's reference. */
  reference: { name: 'reference', partition: 'referencePk', sort: 'referenceSk', include: [] },
  /** Confirmed reservations by the caller's order id. */
  order: { name: 'order', partition: 'orderPk', sort: 'orderSk', include: [] },
} as const satisfies Record<string, TableIndex>;

export type IndexName = keyof typeof INDEXES;

/**
 * The records whose changes the stream's function completes, by the first word of their sort key. `many`: more
 * words follow, because a partition holds several; `one`: the word is the whole sort key.
 */
export const STREAMED = {
  GRANT: 'many',
  ACCEPTANCE: 'one',
  STOCK: 'many',
  QUOTA: 'many',
  PRODUCT: 'one',
  SHIPMENT: 'one',
  RESERVATION: 'many',
  ORDER: 'many',
  REGION: 'one',
} as const satisfies Record<string, 'many' | 'one'>;
