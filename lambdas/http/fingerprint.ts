import { createHash } from 'node:crypto';
import stringify from 'safe-stable-stringify';

/** Half a SHA-256: two bodies of one tenant under one key never meet by chance. */
const FINGERPRINT_DIGITS = 32;

/**
 * Fingerprint of a parsed body: equal for equal values, whatever the order of members and whatever was left
 * to its default.
 */
export function fingerprintOf(body: unknown): string {
  const canonical = stringify(body) ?? '';
  return createHash('sha256').update(canonical).digest('hex').slice(0, FINGERPRINT_DIGITS);
}
