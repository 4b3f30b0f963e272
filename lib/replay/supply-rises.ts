import { performance } from 'node:perf_hooks';

/**
 * A refusal may rest on knowledge that is this old (the API's contract). Units that came back within it may be
 * overlooked, and then the outcome would depend on the speed of the replay.
 */
const KNOWLEDGE_MAX_MS = 1_000;

/** Remembers when units of a sku last became available, to tell a refusal that is certain from one that is not. */
export class SupplyRises {
  readonly #atMs = new Map<string, number>();
  /** Milliseconds from any start. */
  readonly now: () => number;

  /** @param now @default the machine's monotonic clock */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** Units of these skus have just become available. */
  note(skus: readonly string[]): void {
    const atMs = this.now();
    for (const sku of skus) this.#atMs.set(sku, atMs);
  }

  /**
   * How long to wait before a refusal is worth asking again; 0 when it is certain. One certain line is enough,
   * because a hold takes all its lines or none.
   *
   * @param skus those there was too little of.
   * @param sentAtMs when the request was sent.
   */
  doubtMs(skus: readonly string[], sentAtMs: number): number {
    const doubts = skus.map((sku) => (this.#atMs.get(sku) ?? Number.NEGATIVE_INFINITY) + KNOWLEDGE_MAX_MS);
    const certainAtMs = Math.min(...doubts);
    if (!Number.isFinite(certainAtMs) || sentAtMs > certainAtMs) return 0;
    return Math.max(1, certainAtMs - this.now());
  }
}
