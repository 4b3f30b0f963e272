import { finalMix, foldNumber, foldText } from './mixing.ts';

export interface TraceLine {
  readonly atMs: number;
  readonly text: string;
}

/** What a note is about: each word goes into the hash. */
export type Words = readonly (string | number)[];

/**
 * What happened in a run, folded into one running hash: two runs with the same hash did the same. With
 * `keep` the notes can be read afterwards as well.
 */
export class Trace {
  readonly lines: TraceLine[] = [];
  readonly #keep: boolean;
  #low = 0x9e3779b9;
  #high = 0x85ebca6b;

  constructor({ keep = false } = {}) {
    this.#keep = keep;
  }

  get isKept(): boolean {
    return this.#keep;
  }

  /** 16 hexadecimal digits. */
  get hash(): string {
    return [this.#low, this.#high].map((half) => finalMix(half).toString(16).padStart(8, '0')).join('');
  }

  /** Folds a number into the hash, a fraction of a millisecond included. */
  fold(value: number): void {
    this.#low = foldNumber(this.#low, value);
    this.#high = foldNumber(this.#high, this.#low);
  }

  /** Notes that something happened. Only readers need the details, so they are made only for them. */
  note(atMs: number, words: Words, details?: () => string): void {
    this.fold(atMs);
    for (const word of words) {
      this.#low = typeof word === 'string' ? foldText(this.#low, word) : foldNumber(this.#low, word);
    }
    this.#high = foldNumber(this.#high, this.#low);
    if (!this.#keep) return;
    const text = details === undefined ? words.join(' ') : `${words.join(' ')} ${details()}`;
    this.lines.push({ atMs, text });
  }
}
