import type { CreatedKey } from '../../../lib/application/manage-keys.ts';
import type { ApiKey, Tenant } from '../../../lib/domain/access.ts';
import { isoTime } from './time.ts';

/** A tenant as the API shows it. */
export function answerTenant({ createdAtMs, ...tenant }: Tenant) {
  return { ...tenant, createdAt: isoTime(createdAtMs) };
}

/** A key as the API shows it: never its hash. */
export function answerKey({ secretHash: _, createdAtMs, revokedAtMs: __, ...key }: ApiKey) {
  return { ...key, createdAt: isoTime(createdAtMs) };
}

/** A new key, with the secret that is shown this once. */
export const answerNewKey = ({ key, secret }: CreatedKey) => ({ ...answerKey(key), secret });
