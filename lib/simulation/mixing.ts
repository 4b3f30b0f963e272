/**
 * Cheap, even mixing of texts and numbers into 32 bits: FNV-1a (Fowler, Noll, Vo) with the finalizer of
 * MurmurHash3 (Appleby). Good enough to tell runs and keys apart, and of no use against an attacker.
 */

const FNV_PRIME = 0x01000193;
/** The bits of a number, through a view of the same memory. */
const NUMBER = new Float64Array(1);
const BITS = new Uint32Array(NUMBER.buffer);

/** Folds one 32-bit number. */
const foldWord = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, FNV_PRIME);
  return mixed ^ (mixed >>> 15);
};

/** Folds any number, all of its bits. */
export function foldNumber(hash: number, value: number): number {
  NUMBER[0] = value;
  return foldWord(foldWord(hash, BITS[0] as number), BITS[1] as number);
}

export function foldText(hash: number, text: string): number {
  let folded = hash ^ text.length;
  for (let index = 0; index < text.length; index += 1) {
    folded = Math.imul(folded ^ text.charCodeAt(index), FNV_PRIME);
  }
  return folded ^ (folded >>> 15);
}

/** Lets every bit of the input reach every bit of the output; not negative. */
export function finalMix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
