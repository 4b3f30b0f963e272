/** A place in the queues of some skus. */
export interface Turn {
  /** Resolves when everybody who came before and shares a sku has passed. */
  readonly ready: Promise<void>;
  /** Lets the next one go. Must be called in any case, or those behind wait for ever. */
  pass(): void;
}

/**
 * Gives out turns in the order in which they are taken: those who share a sku come one after the other, those
 * who share none do not know each other.
 */
export class Turns {
  /** The latest turn of each sku. Whoever waits for it has waited for all before it. */
  readonly #latest = new Map<string, Promise<void>>();

  take(skus: readonly string[]): Turn {
    const before = new Set(skus.flatMap((sku) => this.#latest.get(sku) ?? []));
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const sku of skus) this.#latest.set(sku, promise);
    const ready = Promise.all(before).then(() => undefined);
    // Whoever passes before it was their turn only lets the next one go when it would have been.
    return { ready, pass: () => void ready.then(resolve) };
  }
}
