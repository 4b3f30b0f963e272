/**
 * Ids that say where a thing is kept. A reservation's id is its region, the hash of tenant and idempotency
 * key it is stored under, and random bits kept in the record, so that nobody can guess one from a key.
 */

export interface ReservationIdParts {
  readonly region: string;
  /** 32 hexadecimal digits. */
  readonly keyHash: string;
  /** 12 hexadecimal digits. */
  readonly nonce: string;
}

export const KEY_HASH_LENGTH = 32;
export const NONCE_LENGTH = 12;

const RESERVATION_ID = new RegExp(
  `^([a-z]{2,4}(?:-[a-z]+){1,3}-[0-9])\\.([0-9a-f]{${KEY_HASH_LENGTH}})\\.([0-9a-f]{${NONCE_LENGTH}})$`,
);

export function formatReservationId({ region, keyHash, nonce }: ReservationIdParts): string {
  return `${region}.${keyHash}.${nonce}`;
}

/** @returns `undefined` for what no reservation can be called. */
export function parseReservationId(id: string): ReservationIdParts | undefined {
  const [, region, keyHash, nonce] = RESERVATION_ID.exec(id) ?? [];
  return region && keyHash && nonce ? { region, keyHash, nonce } : undefined;
}

/** What a reservation is called in lists by time: two regions may have made one under the same key at once. */
export const listIdOf = ({ keyHash, region }: Pick<ReservationIdParts, 'keyHash' | 'region'>): string =>
  `${keyHash}.${region}`;
