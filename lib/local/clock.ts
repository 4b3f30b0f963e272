/**
 * The clock of the whole stack: the machine's, moved forward by `POST /clock`. Threads of function
 * environments read the offset from shared memory.
 */
export class StackClock {
  readonly shared = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  readonly #offset = new Float64Array(this.shared);
  readonly #listeners = new Set<() => void>();

  get offsetMs(): number {
    return this.#offset[0] ?? 0;
  }

  nowMs(): number {
    return Date.now() + this.offsetMs;
  }

  advance(ms: number): void {
    this.#offset[0] = this.offsetMs + ms;
    for (const listener of this.#listeners) listener();
  }

  /** Calls the listener after each advance, until the returned function is called. */
  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
