/** Rows that are being imported: one after another where they are about the same thing. */
export class UnderWay {
  readonly #latest = new Map<string, Promise<void>>();

  /** Does the work after that of earlier rows about the same thing. */
  async run(identity: string, work: () => Promise<void>): Promise<void> {
    const before = this.#latest.get(identity);
    // Whoever comes next waits for this row, and does not fail with it.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#latest.set(identity, promise);
    try {
      await before;
      await work();
    } finally {
      resolve();
      if (this.#latest.get(identity) === promise) this.#latest.delete(identity);
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#latest.size > 0) await Promise.all(this.#latest.values());
  }
}
