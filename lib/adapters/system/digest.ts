import { createHash } from 'node:crypto';
import type { Digest } from '../../application/ports.ts';

/** Hexadecimal digits of a SHA-256. */
const DIGITS_MAX = 64;

/**
 * SHA-256 of the parts. Each is preceded by its length in bytes, so that no two different lists of parts are
 * the same input: `('ab', 'c')` and `('a', 'bc')` differ.
 */
export const sha256Digest: Digest = {
  hex(digits, ...parts) {
    if (digits > DIGITS_MAX) throw new RangeError(`A SHA-256 has ${DIGITS_MAX} digits, not ${digits}.`);
    const hash = createHash('sha256');
    for (const part of parts) {
      const bytes = Buffer.from(part, 'utf8');
      hash.update(`${bytes.length}:`).update(bytes);
    }
    return hash.digest('hex').slice(0, digits);
  },
};
