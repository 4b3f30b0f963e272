import type { EntityName } from '../domain/entities.ts';

/** A record in its place, and what it was before it last changed. */
export interface Entry {
  readonly entity: EntityName;
  readonly record: object;
  readonly before: object | undefined;
  readonly changedAtMs: number;
}

/**
 * The records of a partition, by sort key. Most records are alone in theirs, and are kept without a map: a map
 * for each would be most of the memory of a run.
 */
export class Partition {
  #onlyKey: string | undefined;
  #only: Entry | undefined;
  #entries: Map<string, Entry> | undefined;
  /** The entries in order; unset while nobody has asked since one changed. */
  #ordered: readonly Entry[] | undefined;

  get size(): number {
    if (this.#entries !== undefined) return this.#entries.size;
    return this.#only === undefined ? 0 : 1;
  }

  get(sk: string): Entry | undefined {
    if (this.#entries !== undefined) return this.#entries.get(sk);
    return sk === this.#onlyKey ? this.#only : undefined;
  }

  set(sk: string, entry: Entry): void {
    this.#ordered = undefined;
    if (this.#entries !== undefined) {
      this.#entries.set(sk, entry);
    } else if (this.#only === undefined || this.#onlyKey === sk) {
      this.#onlyKey = sk;
      this.#only = entry;
    } else {
      this.#entries = new Map([
        [this.#onlyKey as string, this.#only],
        [sk, entry],
      ]);
    }
  }

  delete(sk: string): void {
    this.#ordered = undefined;
    if (this.#entries !== undefined) this.#entries.delete(sk);
    else if (this.#onlyKey === sk) this.#only = undefined;
  }

  /** All entries, in the order of their keys. */
  inOrder(): readonly Entry[] {
    this.#ordered ??= this.#sorted();
    return this.#ordered;
  }

  #sorted(): Entry[] {
    if (this.#entries === undefined) return this.#only === undefined ? [] : [this.#only];
    const entries = this.#entries;
    return [...entries.keys()].sort().map((sk) => entries.get(sk) as Entry);
  }
}
