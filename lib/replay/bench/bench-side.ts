import type { Latencies } from '../latencies.ts';

/** One of the two that are compared. Both are given the same carts, in the same order. */
export interface BenchSide {
  /** Holds, confirms and ships the carts from one index up to, not including, another. */
  run(from: number, to: number): Promise<void>;
  /** How long each operation took since this was called last. */
  takeLatencies(): Latencies;
}
