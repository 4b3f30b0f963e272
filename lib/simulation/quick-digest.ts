import type { Digest } from '../application/ports.ts';
import { finalMix } from './mixing.ts';

const HEX_OF_WORD = 8;
/** As many as the real one has. */
const DIGITS_MAX = 64;
/** Two odd multipliers, so that what is alike to one is not to the other (cyrb53, by bryc). */
const MULTIPLIERS = [2_654_435_761, 1_597_334_677] as const;
const STARTS = [0x6a09e667, 0x3c6ef372] as const;

/** The digest of simulated regions: far quicker than SHA-256, and nobody attacks it. 64 bits of it are unique. */
export const quickDigest: Digest = {
  hex(digits, ...parts) {
    if (digits > DIGITS_MAX) throw new RangeError(`A digest has ${DIGITS_MAX} digits, not ${digits}.`);
    let [first, second]: [number, number] = [...STARTS];
    for (const part of parts) {
      // The length comes first, so no two lists of parts are the same input.
      first = Math.imul(first ^ part.length, MULTIPLIERS[0]);
      second = Math.imul(second ^ part.length, MULTIPLIERS[1]);
      for (let index = 0; index < part.length; index += 1) {
        const code = part.charCodeAt(index);
        first = Math.imul(first ^ code, MULTIPLIERS[0]);
        second = Math.imul(second ^ code, MULTIPLIERS[1]);
      }
    }
    let text = '';
    while (text.length < digits) {
      text += finalMix(first).toString(16).padStart(HEX_OF_WORD, '0');
      // Swapped and added to each other, the two words give all the digits that are asked for.
      [first, second] = [second, (first + Math.imul(second, MULTIPLIERS[0])) | 0];
    }
    return text.slice(0, digits);
  },
};
