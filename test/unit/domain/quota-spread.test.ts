import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotaSpreadPercent } from '../../../lib/domain/quota-spread.ts';

const units = (...available: number[]) => available.map((some) => ({ available: some, coming: 0 }));

describe('how unevenly regions share', () => {
  it.each([
    [units(5, 5, 5), 0],
    [units(9, 0, 0), 100],
    [units(6, 2), 50],
    // Units on their way are where they go.
    [
      [
        { available: 9, coming: 0 },
        { available: 0, coming: 9 },
      ],
      0,
    ],
  ])('%j is %f', (shares, percent) => expect(quotaSpreadPercent(shares)).toBeCloseTo(percent));

  it('says nothing of what nobody shares', () => {
    expect(quotaSpreadPercent(units(7))).toBeUndefined();
    expect(quotaSpreadPercent(units(0, 0))).toBeUndefined();
  });

  it('lies between 0 and 100', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 2, maxLength: 10 }), (shares) => {
        const percent = quotaSpreadPercent(units(...shares)) ?? 0;
        expect(percent).toBeGreaterThanOrEqual(-1e-9);
        expect(percent).toBeLessThanOrEqual(100 + 1e-9);
      }),
    );
  });
});
