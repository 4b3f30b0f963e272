import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** How long one operation took. */
export interface OperationFigures {
  readonly operation: string;
  readonly requests: number;
  /** From the first attempt to the answer, retries included. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const MICROSECONDS_PER_MS = 1_000;
const MEDIAN = 50;
const TAIL = 99;

/** Collects how long requests take, by operation. */
export class Latencies {
  readonly #histograms = new Map<string, RecordableHistogram>();
  #retries = 0;

  record(operation: string, { milliseconds, retries }: { milliseconds: number; retries: number }): void {
    const histogram = this.#histograms.get(operation) ?? createHistogram();
    this.#histograms.set(operation, histogram);
    // The histogram takes whole numbers from 1.
    histogram.record(Math.max(1, Math.round(milliseconds * MICROSECONDS_PER_MS)));
    this.#retries += retries;
  }

  /** Attempts that got no answer worth having. */
  get retries(): number {
    return this.#retries;
  }

  get requests(): number {
    return [...this.#histograms.values()].reduce((sum, histogram) => sum + histogram.count, 0);
  }

  /** In the order in which the operations first came. */
  figures(): OperationFigures[] {
    return [...this.#histograms].map(([operation, histogram]) => ({
      operation,
      requests: histogram.count,
      p50Ms: histogram.percentile(MEDIAN) / MICROSECONDS_PER_MS,
      p99Ms: histogram.percentile(TAIL) / MICROSECONDS_PER_MS,
    }));
  }
}
