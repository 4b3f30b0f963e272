import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capacityOf } from '../../../../lib/cost/capacity/capacity.ts';
import { EVEN_ENOUGH } from '../../../../lib/cost/capacity/capacity-options.ts';
import { type Demand, loadOf } from '../../../../lib/cost/capacity/load.ts';
import { capacityPage, renderCapacity } from '../../../../lib/cost/capacity/render-capacity.ts';
import { ASSUMED } from '../../../../lib/cost/workload.ts';

/** An order a second of one line each: held, confirmed, shipped and read ten times. */
const SECONDLY: Demand = {
  workload: {
    ...ASSUMED,
    ordersPerDay: 86_400,
    lines: 1,
    readsPerOrder: 10,
    holdsPerOrder: 1,
    receiptsPerLine: 0,
    limitedShare: 0,
    rememberedKeysShare: 0.5,
  },
  ...EVEN_ENOUGH,
  peakFactor: 1,
};
const useOf = (demand: Demand, name: string) => {
  const use = capacityOf(demand).limits.find(({ limit }) => limit.name === name);
  if (use === undefined) throw new Error(`There is no limit ${name}.`);
  return use;
};
const environmentsOf = (demand: Demand, name: string) =>
  capacityOf(demand).functions.find((one) => one.name === name)?.environments;

describe('a load by hand', () => {
  it('of an order a second', () => {
    const { requests, writeUnits, readUnits, changes, events } = loadOf(SECONDLY, 1);
    expect(requests).toBeCloseTo(13, 9);
    // Hold 9, confirm 7, ship 15; 1.15 + 3.7 + 3.2 + 10 × 1, and half of 13 keys.
    expect(writeUnits).toBeCloseTo(31, 9);
    expect(readUnits).toBeCloseTo(24.55, 9);
    expect([changes, events].map(Math.round)).toEqual([9, 4]);
  });

  it('in three regions: a third of the requests and reads, all of the writes and changes', () => {
    const three = { ...SECONDLY, workload: { ...SECONDLY.workload, regions: 3 } };
    const { requests, writeUnits, readUnits, changes, events } = loadOf(three, 3);
    expect([requests, readUnits].map((value) => value.toFixed(3))).toEqual(['13.000', '24.550']);
    expect(writeUnits).toBeCloseTo(93, 9);
    expect([changes, events].map(Math.round)).toEqual([27, 4]);
  });

  it('uses so much of limits', () => {
    expect(useOf(SECONDLY, 'Gateway')).toMatchObject({ most: 10_000, peak: 13 / 10_000 });
    expect(useOf(SECONDLY, 'Table, writes').overnight).toBeCloseTo(310 / 40_000, 9);
    // Half of 10,000 requests at 13 for each order a second.
    expect(useOf(SECONDLY, 'Gateway').halfAtOrdersPerDay).toBeCloseTo((5_000 / 13) * 86_400, 3);
    // A thousandth of the holds, ships and releases: 2 transactions a second.
    expect(useOf(SECONDLY, 'Quota of the busiest sku').peak).toBeCloseTo(0.002 / 50, 9);
  });

  it('keeps environments busy: arrivals times stay', () => {
    expect(environmentsOf(SECONDLY, 'reserve')).toBeCloseTo(0.02, 9);
    expect(environmentsOf(SECONDLY, 'stock')).toBeCloseTo(10 * 0.008, 9);
    expect(environmentsOf(SECONDLY, 'authorizer')).toBeCloseTo(6.5 * 0.006, 9);
    expect(environmentsOf(SECONDLY, 'complete')).toBeCloseTo(9 * 0.003, 9);
    expect(environmentsOf(SECONDLY, 'sweep')).toBeCloseTo(1, 9);
  });

  it('needs a warm table above what a new one takes', () => {
    const warmOf = (ordersPerDay: number) => {
      const { warm } = capacityOf({ ...SECONDLY, workload: { ...SECONDLY.workload, ordersPerDay } });
      return [...warm.peak, ...warm.overnight].map(({ value, beyondQuota }) => [value, beyondQuota]);
    };
    expect(warmOf(86_400)).toEqual(Array(4).fill([undefined, false]));
    // 200 orders a second: 6,200 and 4,910 units; ten times that.
    expect(warmOf(200 * 86_400)).toEqual([
      [8_000, false],
      [undefined, false],
      [40_000, true],
      [40_000, true],
    ]);
  });
});

const demands: fc.Arbitrary<Demand> = fc
  .record({
    ordersPerDay: fc.integer({ min: 0, max: 100_000_000 }),
    lines: fc.integer({ min: 1, max: 50 }),
    readsPerOrder: fc.integer({ min: 0, max: 1_000 }),
    regions: fc.integer({ min: 1, max: 9 }),
    peakFactor: fc.double({ min: 1, max: 100, noNaN: true }),
  })
  .map(({ peakFactor, ...workload }) => ({
    workload: { ...ASSUMED, ...workload },
    ...EVEN_ENOUGH,
    peakFactor,
  }));

describe('every load', () => {
  it('uses no more at the average than at the peak, and no more then than at ten times of it', () => {
    fc.assert(
      fc.property(demands, (demand) => {
        for (const { average, peak, overnight } of capacityOf(demand).limits) {
          expect(average).toBeLessThanOrEqual(peak);
          expect(peak).toBeLessThanOrEqual(overnight);
        }
      }),
    );
  });

  it('asks no less of a region when there are more orders, nor more of its gateway when there are more regions', () => {
    fc.assert(
      fc.property(demands, fc.integer({ min: 1, max: 1_000_000 }), (demand, more) => {
        const { workload } = demand;
        const now = loadOf(demand, 1);
        const larger = loadOf(
          { ...demand, workload: { ...workload, ordersPerDay: workload.ordersPerDay + more } },
          1,
        );
        const wider = loadOf({ ...demand, workload: { ...workload, regions: workload.regions + 1 } }, 1);
        expect(larger.requests).toBeGreaterThan(now.requests);
        expect(larger.writeUnits).toBeGreaterThan(now.writeUnits);
        expect(wider.requests).toBeLessThanOrEqual(now.requests);
        expect(wider.changes).toBeCloseTo(now.changes, 3);
      }),
    );
  });

  it('is half of a limit at the peak of as many orders a day as it says', () => {
    fc.assert(
      fc.property(demands, (demand) => {
        for (const { limit, halfAtOrdersPerDay } of capacityOf(demand).limits) {
          if (halfAtOrdersPerDay === undefined) continue;
          const workload = { ...demand.workload, ordersPerDay: halfAtOrdersPerDay };
          // Audit and sweep keep two environments busy whatever comes.
          const tolerance = limit.name === 'Function environments' ? 1 : 6;
          expect(useOf({ ...demand, workload }, limit.name).peak).toBeCloseTo(0.5, tolerance);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('for people', () => {
  it('docs/capacity.md has the tables that `npm run capacity -- --page` prints', () => {
    const page = readFileSync('docs/capacity.md', 'utf8');
    for (const table of capacityPage()) expect(page).toContain(`\n\n${table}\n`);
  });

  it('says what ends first and what to do, or that nothing ends', () => {
    const rendered = (ordersPerDay: number) =>
      renderCapacity(capacityOf({ workload: { ...ASSUMED, ordersPerDay, regions: 3 }, ...EVEN_ENOUGH }));
    const busy = rendered(5_000_000);
    expect(busy).toContain('1. Table as it has grown, writes at once: 503');
    expect(busy).toContain('-c warmWrites=');
    expect(rendered(1_000)).toContain('Nothing is used up, not even at 10 times the peak.');
    expect(rendered(0)).not.toMatch(/NaN|Infinity/);
  });
});
