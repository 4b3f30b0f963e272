import type { GatewayKey } from '../template/usage-plans.ts';

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Lets through for each key of a usage plan what the plan says: a bucket that fills at its rate, up to its burst. */
export class PlanThrottles {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes one request from the key's bucket; false when there is none. */
  take({ id, throttle }: GatewayKey, nowMs: number): boolean {
    if (throttle === undefined) return true;
    const { requestsPerSecond, burst } = throttle;
    const { tokens, atMs } = this.#buckets.get(id) ?? { tokens: burst, atMs: nowMs };
    const filled = Math.min(burst, tokens + ((nowMs - atMs) / 1_000) * requestsPerSecond);
    const taken = filled >= 1;
    this.#buckets.set(id, { tokens: taken ? filled - 1 : filled, atMs: nowMs });
    return taken;
  }
}
