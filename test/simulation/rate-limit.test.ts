/**
 * One tenant's requests, spread at random over many environments that share a bucket, in virtual time. It prints what it
 * measures; the bounds are those that `docs/limits.md` names.
 */
import { describe, expect, it } from 'vitest';
import { createRateLimiter } from '../../lib/application/limit-rate.ts';
import { TIERS } from '../../lib/config/tiers.ts';
import type { BucketRate } from '../../lib/domain/token-bucket.ts';
import { SLICE_KEPT_MS } from '../../lib/domain/token-slice.ts';
import { MemoryRateBuckets } from '../../lib/simulation/memory-rate-buckets.ts';
import { seededRandomness } from '../support/world.ts';

const START_MS = Date.parse('2026-11-24T12:00:00.000Z');

interface Load {
  readonly rate: BucketRate;
  readonly environments: number;
  /** Requests sent, as a multiple of the rate. */
  readonly times: number;
  readonly seconds: number;
  /** Whether requests come at random moments, or at equal distances. */
  readonly isRandom: boolean;
  /** Clocks are off by so much at most. */
  readonly skewMs?: number;
}

interface Ran {
  readonly sent: number;
  readonly acceptedAtMs: readonly number[];
  readonly refused: number;
  readonly calls: number;
  /** Refusals of a bucket that all environments see without a call, in the same run: as few as there can be. */
  readonly refusedAtBest: number;
}

/** A bucket in one place, with every request asking it. */
function idealBucket({ requestsPerSecond, burst }: BucketRate) {
  let tokens = burst;
  let lastMs = START_MS;
  return (atMs: number): boolean => {
    tokens = Math.min(burst, tokens + ((atMs - lastMs) * requestsPerSecond) / 1000);
    lastMs = atMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

async function run({ rate, environments, times, seconds, isRandom, skewMs = 0 }: Load): Promise<Ran> {
  const random = seededRandomness(environments + Math.round(times * 10));
  const buckets = new MemoryRateBuckets();
  let trueMs = START_MS;
  const limits = Array.from({ length: environments }, () => {
    const offMs = Math.round((random.fraction() * 2 - 1) * skewMs);
    return createRateLimiter({ buckets, random, clock: { now: () => Math.floor(trueMs) + offMs } });
  });
  const ideal = idealBucket(rate);
  const meanGapMs = 1000 / (rate.requestsPerSecond * times);
  const acceptedAtMs: number[] = [];
  let [sent, refused, refusedAtBest] = [0, 0, 0];
  while (trueMs < START_MS + seconds * 1000) {
    const limit = limits[Math.floor(random.fraction() * environments)];
    const admission = await limit?.('demo', rate);
    sent += 1;
    if (admission?.admitted) acceptedAtMs.push(trueMs);
    else refused += 1;
    if (!ideal(trueMs)) refusedAtBest += 1;
    trueMs += isRandom ? -Math.log(1 - random.fraction()) * meanGapMs : meanGapMs;
  }
  return { sent, acceptedAtMs, refused, calls: buckets.calls, refusedAtBest };
}

/** The most that any window holds over what its length allows. */
function worstExcess(acceptedAtMs: readonly number[], { requestsPerSecond }: BucketRate): number {
  let [worst, least] = [0, Number.POSITIVE_INFINITY];
  for (const [index, atMs] of acceptedAtMs.entries()) {
    const allowed = ((atMs - START_MS) * requestsPerSecond) / 1000;
    least = Math.min(least, index - allowed);
    worst = Math.max(worst, index + 1 - allowed - least);
  }
  return worst;
}

const report = (name: string, { sent, acceptedAtMs, refused, calls, refusedAtBest }: Ran): string =>
  `${name}: ${sent} sent, ${acceptedAtMs.length} accepted, ${refused} refused (at best ${refusedAtBest}), ` +
  `${(calls / sent).toFixed(3)} calls for each`;

const say = (text: string) => process.stderr.write(`${text}\n`);

const tiers = Object.entries(TIERS).map(([tier, rate]) => ({ tier, rate }));
const fleets = tiers.flatMap((each) => [1, 4, 30, 200].map((environments) => ({ ...each, environments })));

describe.each(fleets)(
  'a tenant of tier $tier on $environments environments',
  ({ tier, rate, environments }) => {
    const seconds = tier === 'premium' ? 30 : 120;
    const perSecond = rate.requestsPerSecond;
    const name = `${tier} on ${environments}`;

    it('is never refused while it sends at its rate, evenly', async () => {
      const ran = await run({ rate, environments, times: 1, seconds, isRandom: false });
      say(report(`${name} evenly at its rate`, ran));
      expect(ran.refused / ran.sent).toBeLessThan(0.001);
    });

    it('is hardly refused more than by one bucket while it sends nine tenths of it, at random', async () => {
      const ran = await run({ rate, environments, times: 0.9, seconds, isRandom: true });
      say(report(`${name} at random at nine tenths`, ran));
      expect((ran.refused - ran.refusedAtBest) / ran.sent).toBeLessThan(0.01);
    });

    it('gets its rate and no more when it sends fifty times as much, for few calls', async () => {
      const ran = await run({ rate, environments, times: 50, seconds: seconds / 4, isRandom: true });
      say(report(`${name} at fifty times`, ran));
      const allowed = rate.burst + (seconds / 4) * perSecond;
      expect(ran.acceptedAtMs.length).toBeGreaterThan(0.9 * allowed);
      const kept = (SLICE_KEPT_MS * perSecond) / 1000;
      expect(worstExcess(ran.acceptedAtMs, rate)).toBeLessThanOrEqual(rate.burst + kept + 1);
      // A partition takes a thousand writes a second; what is throttled is let through unchecked.
      expect(ran.calls / (seconds / 4)).toBeLessThan(700);
    });

    it('gets no more than clocks differ by on top, when they do', async () => {
      const skewMs = 200;
      const ran = await run({ rate, environments, times: 5, seconds: seconds / 4, isRandom: true, skewMs });
      const more = ((SLICE_KEPT_MS + 2 * skewMs) * perSecond) / 1000;
      expect(worstExcess(ran.acceptedAtMs, rate)).toBeLessThanOrEqual(rate.burst + more + 1);
    });
  },
);
