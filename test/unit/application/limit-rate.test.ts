import { describe, expect, it } from 'vitest';
import { createRateLimiter } from '../../../lib/application/limit-rate.ts';
import { StoreUnavailableError } from '../../../lib/application/ports.ts';
import type { RateBuckets } from '../../../lib/application/rate-ports.ts';
import { SLICE_KEPT_MS } from '../../../lib/domain/token-slice.ts';
import { MemoryRateBuckets } from '../../../lib/simulation/memory-rate-buckets.ts';
import { ManualClock, seededRandomness } from '../../support/world.ts';

const FREE = { requestsPerSecond: 10, burst: 20 };
const PREMIUM = { requestsPerSecond: 1_000, burst: 2_000 };

function createLimit(buckets: RateBuckets = new MemoryRateBuckets()) {
  const clock = new ManualClock();
  return { clock, limit: createRateLimiter({ buckets, clock, random: seededRandomness(1) }) };
}

describe('the limit of a tenant in one environment', () => {
  it('lets the burst through, and then tells when there is a token', async () => {
    const { clock, limit } = createLimit();
    for (let request = 0; request < FREE.burst; request += 1) {
      expect(await limit('demo', FREE)).toEqual({ admitted: true });
    }
    expect(await limit('demo', FREE)).toEqual({ admitted: false, retryAfterMs: 100 });
    clock.advance(100);
    expect(await limit('demo', FREE)).toEqual({ admitted: true });
    expect(await limit('demo', FREE)).toMatchObject({ admitted: false });
  });

  it('asks for one token when a request comes now and then', async () => {
    const buckets = new MemoryRateBuckets();
    const { clock, limit } = createLimit(buckets);
    for (let request = 0; request < 10; request += 1) {
      await limit('demo', PREMIUM);
      clock.advance(1_000);
    }
    expect(buckets.calls).toBe(10);
    // All of the burst is there for another environment.
    expect(
      (await buckets.take('demo', { from: 'full', atMs: clock.now(), costMs: 1, roomMs: 2_000 })).outcome,
    ).toBe('taken');
  });

  it('asks for many when they come quickly: once for each quarter of a second', async () => {
    const buckets = new MemoryRateBuckets();
    const { clock, limit } = createLimit(buckets);
    for (let request = 0; request < 500; request += 1) {
      expect((await limit('demo', PREMIUM)).admitted).toBe(true);
      clock.advance(10);
    }
    expect(buckets.calls).toBeLessThan(35);
  });

  it('forgets tokens that were not spent', async () => {
    const buckets = new MemoryRateBuckets();
    const { clock, limit } = createLimit(buckets);
    for (let request = 0; request < 50; request += 1) {
      await limit('demo', PREMIUM);
      clock.advance(1);
    }
    const before = buckets.calls;
    clock.advance(SLICE_KEPT_MS);
    await limit('demo', PREMIUM);
    expect(buckets.calls).toBe(before + 1);
  });

  it('calls nobody while the bucket is known to be empty', async () => {
    const buckets = new MemoryRateBuckets();
    const { clock, limit } = createLimit(buckets);
    while ((await limit('demo', FREE)).admitted);
    const before = buckets.calls;
    for (let request = 0; request < 1_000; request += 1) {
      expect((await limit('demo', FREE)).admitted).toBe(false);
      if (request % 100 === 0) clock.advance(9);
    }
    expect(buckets.calls).toBe(before);
  });

  it('asks less and less often while others take every token', async () => {
    const shared = new MemoryRateBuckets();
    const { clock, limit } = createLimit(shared);
    let calls = 0;
    const counting: RateBuckets = {
      take: async () => {
        calls += 1;
        return { outcome: 'refused', fullAtMs: clock.now() + 1_950 };
      },
    };
    const starved = createRateLimiter({ buckets: counting, clock, random: seededRandomness(1) });
    for (let at = 0; at < 10_000; at += 10) {
      await starved('demo', FREE);
      clock.advance(10);
    }
    expect(calls).toBeLessThan(25);
    expect((await limit('demo', FREE)).admitted).toBe(true);
  });

  it('keeps tenants apart', async () => {
    const { limit } = createLimit();
    while ((await limit('demo', FREE)).admitted);
    expect(await limit('rival', FREE)).toEqual({ admitted: true });
  });
});

describe('a bucket that cannot be reached', () => {
  it('refuses nobody, and is asked again after a second', async () => {
    let calls = 0;
    const { clock, limit } = createLimit({
      take: async () => {
        calls += 1;
        throw new StoreUnavailableError('down');
      },
    });
    for (let request = 0; request < 100; request += 1) {
      expect(await limit('demo', FREE)).toEqual({ admitted: true, unchecked: true });
    }
    expect(calls).toBe(1);
    clock.advance(1_000);
    await limit('demo', FREE);
    expect(calls).toBe(2);
  });

  it('hides no bug', async () => {
    const { limit } = createLimit({ take: () => Promise.reject(new TypeError('a bug')) });
    await expect(limit('demo', FREE)).rejects.toThrow('a bug');
  });
});
