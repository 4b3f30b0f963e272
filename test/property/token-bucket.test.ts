import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ASTRAY_MS,
  afterTake,
  allowsTake,
  type BucketRate,
  planTake,
  refillMs,
  tokensAtMs,
  tokensIn,
} from '../../lib/domain/token-bucket.ts';

const NOW = Date.parse('2026-11-24T12:00:00.000Z');

const rates = fc.record({
  requestsPerSecond: fc.integer({ min: 1, max: 5_000 }),
  burst: fc.integer({ min: 1, max: 10_000 }),
});

/** Takers come one after the other, with clocks that differ by so much at most. */
const histories = fc.record({
  rate: rates,
  skewMs: fc.integer({ min: 0, max: 2_000 }),
  takes: fc.array(
    fc.record({
      waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 20_000 })),
      skew: fc.double({ min: -1, max: 1, noNaN: true }),
      tokens: fc.integer({ min: 1, max: 300 }),
      /** Whether the taker knows of nothing, and must be told. */
      isNew: fc.boolean(),
    }),
    { maxLength: 80 },
  ),
});

type History = typeof histories extends fc.Arbitrary<infer Made> ? Made : never;

interface Grant {
  readonly atMs: number;
  readonly tokens: number;
}

/** What was given, and what the bucket holds at the end. */
function play({ rate, skewMs, takes }: History) {
  const granted: Grant[] = [];
  let trueMs = NOW;
  let fullAtMs: number | undefined;
  for (const { waitMs, skew, tokens: wish, isNew } of takes) {
    trueMs += waitMs;
    const tokens = Math.min(wish, rate.burst);
    const atMs = trueMs + Math.round(skew * skewMs);
    let known = isNew ? undefined : fullAtMs;
    for (const guess of ['lacking', 'full'] as const) {
      const take = planTake(rate, { fullAtMs: known, atMs, guess }, tokens);
      if (!allowsTake(fullAtMs, take)) {
        known = fullAtMs;
        continue;
      }
      fullAtMs = afterTake(fullAtMs, take);
      granted.push({ atMs: trueMs, tokens });
      break;
    }
  }
  return { granted, fullAtMs, nowMs: trueMs };
}

/** The most that any window holds over what its length allows. */
function worstExcess(granted: readonly Grant[], rate: BucketRate): number {
  let worst = 0;
  for (const [index, { atMs: fromMs }] of granted.entries()) {
    let sum = 0;
    for (const { atMs, tokens } of granted.slice(index)) {
      sum += tokens;
      worst = Math.max(worst, sum - ((atMs - fromMs) * rate.requestsPerSecond) / 1000);
    }
  }
  return worst;
}

describe('a bucket', () => {
  it('gives in no window more than its rate, its burst and what clocks differ by', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { granted } = play(history);
        const { rate, skewMs } = history;
        const skewed = (2 * skewMs * rate.requestsPerSecond) / 1000;
        expect(worstExcess(granted, rate)).toBeLessThanOrEqual(rate.burst + skewed + 1e-3);
      }),
      { numRuns: 500 },
    );
  });

  it('gives a full burst after a pause, and not one token more', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 0, max: 1e6 }), (rate, pauseMs) => {
        const atMs = NOW + pauseMs;
        const known = NOW;
        const all = planTake(
          rate,
          { fullAtMs: pauseMs === 0 ? undefined : known, atMs, guess: 'full' },
          rate.burst,
        );
        expect(allowsTake(pauseMs === 0 ? undefined : known, all)).toBe(true);
        const emptied = afterTake(known, all);
        expect(tokensIn(rate, emptied, atMs)).toBe(0);
        expect(allowsTake(emptied, planTake(rate, { fullAtMs: emptied, atMs, guess: 'full' }, 1))).toBe(
          false,
        );
      }),
    );
  });

  it('has a token when it says so, and none before', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 0, max: 10_000 }), (rate, taken) => {
        const tokens = Math.min(taken, rate.burst);
        const fullAtMs = NOW + refillMs(rate, tokens);
        const atMs = Math.ceil(tokensAtMs(rate, fullAtMs, 1)) + 1;
        if (atMs < NOW) return;
        expect(tokensIn(rate, fullAtMs, atMs)).toBeGreaterThanOrEqual(1);
        expect(tokensIn(rate, fullAtMs, tokensAtMs(rate, fullAtMs, 1) - 1)).toBe(0);
      }),
    );
  });

  it('lets as many be taken as it says that it has', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: -5_000, max: 20_000 }), (rate, aheadMs) => {
        const fullAtMs = NOW + Math.min(aheadMs, refillMs(rate, rate.burst));
        const tokens = tokensIn(rate, fullAtMs, NOW);
        const may = (count: number) =>
          allowsTake(fullAtMs, planTake(rate, { fullAtMs, atMs: NOW, guess: 'full' }, count));
        if (tokens > 0) expect(may(Math.max(1, tokens - 1))).toBe(true);
        if (tokens < rate.burst && fullAtMs >= NOW) expect(may(tokens + 1)).toBe(false);
      }),
    );
  });

  it('counts as full when a clock that is wrong has set it far ahead', () => {
    const rate = { requestsPerSecond: 10, burst: 20 };
    const fullAtMs = NOW + 2_000 + ASTRAY_MS + 1;
    const take = planTake(rate, { fullAtMs, atMs: NOW, guess: 'full' }, 1);
    expect(allowsTake(fullAtMs, take)).toBe(true);
    expect(afterTake(fullAtMs, take)).toBe(NOW + 100);
    expect(
      allowsTake(fullAtMs - 1, planTake(rate, { fullAtMs: fullAtMs - 1, atMs: NOW, guess: 'full' }, 1)),
    ).toBe(false);
  });
});
