/** Something that is due at a time; the sequence number decides between those due at the same time. */
export interface Timed {
  readonly atMs: number;
  readonly sequence: number;
}

const isBefore = (a: Timed, b: Timed): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);

/** A binary heap: the earliest first, and of the equally early the one that was added first. */
export class EventHeap<Entry extends Timed> {
  readonly #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  peek(): Entry | undefined {
    return this.#entries[0];
  }

  push(entry: Entry): void {
    const entries = this.#entries;
    let hole = entries.length;
    entries.push(entry);
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = entries[above] as Entry;
      if (!isBefore(entry, parent)) break;
      entries[hole] = parent;
      hole = above;
    }
    entries[hole] = entry;
  }

  pop(): Entry | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (last !== undefined && entries.length > 0) this.#sink(last);
    return first;
  }

  /** Puts an entry at the top and moves it down to its place. */
  #sink(entry: Entry): void {
    const entries = this.#entries;
    const size = entries.length;
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      let smaller = entries[child] as Entry;
      const right = entries[child + 1];
      if (right !== undefined && isBefore(right, smaller)) {
        smaller = right;
        child += 1;
      }
      if (!isBefore(smaller, entry)) break;
      entries[hole] = smaller;
      hole = child;
    }
    entries[hole] = entry;
  }
}
