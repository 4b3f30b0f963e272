import type { Randomness } from '../application/ports.ts';
import { finalMix, foldText } from './mixing.ts';

/** Where the four words of the state start; any different numbers do. */
const LANES = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const;
/** The author of sfc32 discards this many outputs of a fresh state. */
const WARM_UP = 12;
const TWO_32 = 2 ** 32;
const HEX_OF_WORD = 8;
const BYTES_OF_WORD = 4;

/**
 * Randomness from a seed: sfc32, "Small Fast Counter", by Chris Doty-Humphrey, from PractRand 0.93
 * (RNG/other/sfc.cpp): three words of chaos and a counter, 128 bits of state.
 */
export class SeededRandom implements Randomness {
  readonly #seed: string;
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  constructor(seed: string | number) {
    this.#seed = String(seed);
    const [a, b, c] = LANES.map((lane) => finalMix(foldText(lane, this.#seed)));
    this.#a = a as number;
    this.#b = b as number;
    this.#c = c as number;
    for (let drawn = 0; drawn < WARM_UP; drawn += 1) this.word();
  }

  /** Randomness of a part of the run. What one part draws never shifts what another one gets. */
  fork(name: string): SeededRandom {
    return new SeededRandom(`${this.#seed}/${name}`);
  }

  /** 32 random bits. */
  word(): number {
    const drawn = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + drawn;
    return drawn >>> 0;
  }

  fraction(): number {
    return this.word() / TWO_32;
  }

  /** From `min` up to, not including, `max`. */
  between(min: number, max: number): number {
    return min + this.fraction() * (max - min);
  }

  /** An integer from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return Math.floor(this.between(min, max + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of several; there must be one. */
  pick<Item>(items: readonly Item[]): Item {
    const picked = items[Math.floor(this.fraction() * items.length)];
    if (picked === undefined && items.length === 0) throw new Error('There is nothing to pick from');
    return picked as Item;
  }

  /** Waiting times of independent events: mostly short, sometimes several times the mean. */
  exponential(mean: number): number {
    return -Math.log(1 - this.fraction()) * mean;
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.word().toString(16).padStart(HEX_OF_WORD, '0');
    return text.slice(0, digits);
  }

  base64url(bytes: number): string {
    const buffer = Buffer.alloc(Math.ceil(bytes / BYTES_OF_WORD) * BYTES_OF_WORD);
    for (let at = 0; at < bytes; at += BYTES_OF_WORD) buffer.writeUInt32LE(this.word(), at);
    return buffer.subarray(0, bytes).toString('base64url');
  }
}
