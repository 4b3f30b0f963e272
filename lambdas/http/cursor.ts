import { createHmac, timingSafeEqual } from 'node:crypto';
import stringify from 'safe-stable-stringify';

/** The list that a cursor belongs to. A cursor is good for the same tenant, list and filter only. */
export interface CursorScope {
  readonly tenantId: string;
  /** Operation of the list, such as `listMovements`. */
  readonly list: string;
  /** The filter as it was parsed, without `limit` and `cursor`; the order of its fields means nothing. */
  readonly filter: Readonly<Record<string, string | number | undefined>>;
}

export interface Cursors {
  /** Seals a position in a list, as `nextCursor`. */
  sign(scope: CursorScope, position: string): Promise<string>;
  /** @returns the position; `undefined` for a cursor that was altered or belongs elsewhere: `invalid_cursor` */
  verify(scope: CursorScope, cursor: string): Promise<string | undefined>;
}

/** Format of what follows; part of what is signed. */
const VERSION = 1;
const MAC_BYTES = 32;
const HEAD_BYTES = 1 + MAC_BYTES;
/** Characters of a cursor: it travels in a URL, and the gateway bounds those. */
const CURSOR_MAX = 1_024;

function macOf(secret: Uint8Array, { tenantId, list, filter }: CursorScope, position: string): Buffer {
  const signed = stringify([VERSION, tenantId, list, filter, position]);
  return createHmac('sha256', secret).update(signed).digest();
}

/** Version, signature, position: the bytes of a cursor, or `undefined` if it is not one of ours. */
function open(cursor: string): { readonly mac: Buffer; readonly position: string } | undefined {
  if (cursor.length > CURSOR_MAX) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  // Decoding is lenient; of the many spellings of the same bytes only ours is good.
  if (bytes.toString('base64url') !== cursor || bytes.length < HEAD_BYTES || bytes[0] !== VERSION)
    return undefined;
  return { mac: bytes.subarray(1, HEAD_BYTES), position: bytes.toString('utf8', HEAD_BYTES) };
}

/**
 * Makes and checks the cursors of lists.
 *
 * @param secret the key they are signed with; the same in every environment that serves the list
 */
export function createCursors(secret: () => Promise<Uint8Array>): Cursors {
  return {
    async sign(scope, position) {
      const mac = macOf(await secret(), scope, position);
      const cursor = Buffer.concat([Buffer.from([VERSION]), mac, Buffer.from(position)]).toString(
        'base64url',
      );
      if (cursor.length > CURSOR_MAX) throw new Error('The position in a list is too long for a cursor.');
      return cursor;
    },
    async verify(scope, cursor) {
      const opened = open(cursor);
      if (opened === undefined) return undefined;
      const expected = macOf(await secret(), scope, opened.position);
      return timingSafeEqual(opened.mac, expected) ? opened.position : undefined;
    },
  };
}
