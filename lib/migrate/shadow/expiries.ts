/** An expiry that is to come. */
interface Expiry {
  readonly id: string;
  readonly atMs: number;
}

/** When holds of the old system end by its rules, the next one first. */
export class Expiries {
  /** The latest first, so that the next one is taken from the end. Those that were changed since stay as they are. */
  readonly #queue: Expiry[] = [];
  readonly #current = new Map<string, number>();

  set(id: string, atMs: number): void {
    this.#current.set(id, atMs);
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#queue[middle]?.atMs ?? 0) > atMs) low = middle + 1;
      else high = middle;
    }
    this.#queue.splice(low, 0, { id, atMs });
  }

  delete(id: string): void {
    this.#current.delete(id);
  }

  /** Takes those that have ended by then, in their order. */
  *takeUntil(nowMs: number): Generator<string> {
    for (let next = this.#queue.at(-1); next !== undefined && next.atMs <= nowMs; next = this.#queue.at(-1)) {
      this.#queue.pop();
      if (this.#current.get(next.id) !== next.atMs) continue;
      this.#current.delete(next.id);
      yield next.id;
    }
  }
}
