import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AVAILABILITY,
  BAD_REQUESTS_MIN,
  BURN_PACES,
  BURN_TERMS,
  budgetShare,
  burnRate,
  errorBudget,
  HOLD_LATENCY,
} from '../../../lib/config/objectives.ts';
import { compute } from '../../support/metric-math.ts';

const availability = (badMin: number) => burnRate(AVAILABILITY, BURN_TERMS.availability, badMin);
const holds = (badMin: number) => burnRate(HOLD_LATENCY, BURN_TERMS['hold-latency'], badMin);

describe('the budget', () => {
  it('is what the target leaves', () => {
    expect([AVAILABILITY, HOLD_LATENCY].map(errorBudget)).toEqual([0.0005, 0.01]);
  });

  it('is gone by 2, 5 and 10 % when the paces of the workbook are reached', () => {
    expect(BURN_PACES.map((pace) => budgetShare(pace).toFixed(4))).toEqual(['0.0200', '0.0500', '0.1000']);
  });

  it('has a short window that is a twelfth of the long one', () => {
    for (const { longMinutes, shortMinutes } of BURN_PACES) expect(longMinutes / shortMinutes).toBe(12);
  });
});

describe('the burn rate of availability', () => {
  // An hour of a hundred requests a minute, by the failures of each minute.
  const failing = (...minutes: number[]) => ({
    faults: minutes.reduce((sum, faults) => sum + faults, 0),
    requests: 60 * 100,
  });

  it.each([
    // 3 of 6,000 are 0.05 %: as fast as the budget allows.
    [failing(1, 1, 1), 1],
    // 43.2 of 6,000 would be the pace; 44 are above it.
    [failing(44), 44 / 6_000 / 0.0005],
    [failing(...Array.from({ length: 60 }, () => 100)), 2_000],
    [failing(0), 0],
  ])('of %j is %f', (values, rate) => expect(compute(availability(1), values)).toBeCloseTo(rate, 9));

  it('reaches the pace at 0.72 %, and not below', () => {
    const [fast] = BURN_PACES;
    const at = (faults: number) => compute(availability(1), { faults, requests: 10_000 }) ?? 0;
    expect(at(72)).toBeGreaterThanOrEqual(fast?.rate ?? 0);
    expect(at(71)).toBeLessThan(fast?.rate ?? 0);
  });

  it('is none while too few are bad, and while nobody says how many are', () => {
    const expression = availability(BAD_REQUESTS_MIN);
    expect(compute(expression, { faults: 9, requests: 120 })).toBe(0);
    expect(compute(expression, { faults: 10, requests: 120 })).toBeCloseTo(10 / 120 / 0.0005);
    expect(compute(expression, { faults: undefined, requests: 120 })).toBe(0);
  });
});

describe('the burn rate of holds', () => {
  it('is that of the holds which took longer, whatever they are', () => {
    const latencies = fc.array(fc.double({ min: 1, max: 400, noNaN: true }), {
      minLength: 1,
      maxLength: 500,
    });
    fc.assert(
      fc.property(latencies, (all) => {
        const slow = all.filter((latency) => latency > 100).length;
        const within = (100 * (all.length - slow)) / all.length;
        const byHand = slow / all.length / 0.01;
        // The share comes back as a percentage, so that a count of ten may be told as 9.999….
        fc.pre(slow !== 0);
        expect(compute(holds(0.5), { within, holds: all.length })).toBeCloseTo(byHand, 6);
      }),
    );
  });

  it('of a p99 of 100 ms is as fast as the budget allows', () => {
    expect(compute(holds(1), { within: 99, holds: 10_000 })).toBeCloseTo(1);
  });

  it('is none while too few are slow', () => {
    expect(compute(holds(BAD_REQUESTS_MIN), { within: 91, holds: 100 })).toBe(0);
    expect(compute(holds(BAD_REQUESTS_MIN), { within: 89, holds: 100 })).toBeCloseTo(11);
  });
});
