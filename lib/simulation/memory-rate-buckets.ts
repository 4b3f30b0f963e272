import type { RateBuckets, Taken } from '../application/rate-ports.ts';
import { afterTake, allowsTake, type Take } from '../domain/token-bucket.ts';

/** The buckets of one region on a Map. */
export class MemoryRateBuckets implements RateBuckets {
  readonly #fullAtMs = new Map<string, number>();
  /** Calls that were made, for those who look at it from outside. */
  calls = 0;

  async take(tenantId: string, take: Take): Promise<Taken> {
    this.calls += 1;
    const fullAtMs = this.#fullAtMs.get(tenantId);
    if (!allowsTake(fullAtMs, take)) return { outcome: 'refused', fullAtMs };
    const next = afterTake(fullAtMs, take);
    this.#fullAtMs.set(tenantId, next);
    return { outcome: 'taken', fullAtMs: next };
  }
}
