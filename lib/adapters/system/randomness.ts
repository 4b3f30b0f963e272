import { randomBytes, randomInt } from 'node:crypto';
import type { Randomness } from '../../application/ports.ts';

/** The widest range `randomInt` draws from; a fraction needs no more. */
const FRACTION_STEPS = 2 ** 48 - 1;

/** The operating system's randomness: ids and keys made of it cannot be guessed. */
export const systemRandomness: Randomness = {
  hex: (digits) =>
    randomBytes(Math.ceil(digits / 2))
      .toString('hex')
      .slice(0, digits),
  base64url: (bytes) => randomBytes(bytes).toString('base64url'),
  fraction: () => randomInt(FRACTION_STEPS) / FRACTION_STEPS,
};
