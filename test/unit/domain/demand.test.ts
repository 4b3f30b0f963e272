import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Demand, rateAt, sampleDemand } from '../../../lib/domain/demand.ts';
import { quotaRecord } from '../../support/stored-records.ts';

const STEP_MS = 5_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-01-01T00:00:00.000Z');

/** Samples a quota that sells at a steady rate for some time. */
function sell(from: Demand | undefined, unitsPerHour: number, milliseconds: number): Demand {
  let last = from ?? sampleDemand(quotaRecord({ taken: 0 }), undefined, START_MS);
  const [startMs, startTaken] = [last.sampledAtMs, last.taken];
  for (let elapsedMs = STEP_MS; elapsedMs <= milliseconds; elapsedMs += STEP_MS) {
    const taken = startTaken + Math.floor((unitsPerHour * elapsedMs) / HOUR_MS);
    last = sampleDemand(quotaRecord({ taken }), last, startMs + elapsedMs);
  }
  return last;
}

describe('the rate of a quota', () => {
  it('is unknown at first', () => {
    expect(sell(undefined, 1_000, 0)).toMatchObject({ unitsPerHour: 0, moved: 0, version: 1 });
  });

  it('shows a change within two minutes where much is sold', () => {
    const busy = sell(undefined, 20_000, 10 * MINUTE_MS);
    expect(busy.unitsPerHour / 20_000).toBeCloseTo(1, 1);
    expect(sell(busy, 2_000, 2 * MINUTE_MS).unitsPerHour).toBeLessThan(8_000);
    expect(sell(sell(undefined, 2_000, 10 * MINUTE_MS), 20_000, 2 * MINUTE_MS).unitsPerHour).toBeGreaterThan(
      15_000,
    );
  });

  it('takes no single sale for a trend where little is sold', () => {
    const slow = sell(undefined, 10, 5 * HOUR_MS);
    expect(slow.unitsPerHour).toBeGreaterThan(5);
    expect(slow.unitsPerHour).toBeLessThan(20);
  });

  it('fades while nothing is sold, and the faster the more was sold before', () => {
    const [busy, slow] = [sell(undefined, 20_000, 10 * MINUTE_MS), sell(undefined, 200, 3 * HOUR_MS)];
    const keptAfter = (demand: Demand, milliseconds: number) =>
      rateAt(demand, demand.sampledAtMs + milliseconds) / demand.unitsPerHour;
    expect(keptAfter(busy, 5 * MINUTE_MS)).toBeLessThan(0.01);
    expect(keptAfter(slow, 5 * MINUTE_MS)).toBeGreaterThan(0.9);
    expect(keptAfter(slow, -MINUTE_MS)).toBe(1);
  });

  it('lies between what it was and what was sold since', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.nat(100_000),
        fc.integer({ min: 0, max: 10 * HOUR_MS }),
        (unitsPerHour, sold, elapsedMs) => {
          const last = { ...sell(undefined, 0, 0), unitsPerHour };
          const next = sampleDemand(quotaRecord({ taken: sold }), last, START_MS + elapsedMs);
          const recent = (sold * HOUR_MS) / Math.max(1, elapsedMs);
          const slack = 1e-6 * Math.max(1, unitsPerHour, recent);
          expect(next.unitsPerHour).toBeGreaterThanOrEqual(Math.min(unitsPerHour, recent) - slack);
          expect(next.unitsPerHour).toBeLessThanOrEqual(Math.max(unitsPerHour, recent) + slack);
        },
      ),
    );
  });
});
