/** Idempotency keys: a key belongs to tenant, method and path, and one key has one effect. */
import { KEY_HASH_LENGTH } from '../domain/identifiers.ts';
import type { Rejection } from '../domain/rejection.ts';
import type { Dependencies, Idempotency } from './ports.ts';

/** What a key is stored under. `path` names what it is used on, such as `movements` or a reservation's action. */
export function hashKey(
  { digest }: Pick<Dependencies, 'digest'>,
  tenantId: string,
  use: { readonly path: string; readonly key: string },
): string {
  return digest.hex(KEY_HASH_LENGTH, tenantId, use.path, use.key);
}

/** The refusal of a key that was used before for something else. */
export const KEY_REUSED: Rejection = {
  code: 'idempotency_key_reused',
  detail: 'This Idempotency-Key was used before with another body. Use a new key for a new request.',
};

/** Whether what was stored under the key is what is asked for now. */
export const isSameRequest = (stored: { readonly fingerprint?: string }, asked: Idempotency): boolean =>
  stored.fingerprint === asked.fingerprint;

/** The refusal when others kept changing the same records. */
export const CONTENDED: Rejection = {
  code: 'contended',
  detail: 'Many requests are changing the same items. Nothing was changed; try again with the same key.',
};
