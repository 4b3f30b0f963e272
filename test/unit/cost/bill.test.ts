import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billOf } from '../../../lib/cost/bill.ts';
import { leversOf } from '../../../lib/cost/levers.ts';
import { naiveWritesOf } from '../../../lib/cost/naive.ts';
import { readPriceList, usdFor } from '../../../lib/cost/price-list.ts';
import { ASSUMED, DAYS_PER_MONTH, type Workload } from '../../../lib/cost/workload.ts';

const prices = readPriceList();
const usdOf = (workload: Workload): number => billOf(workload, prices).usdPerMonth;
const itemOf = (workload: Workload, part: string, what: string): number => {
  const item = billOf(workload, prices).items.find((one) => one.part === part && one.what === what);
  if (item === undefined) throw new Error(`There is no ${part}, ${what}.`);
  return item.usd;
};

/** A million orders a month of one line each: held, confirmed, shipped, and no more. */
const MILLION: Workload = {
  ...ASSUMED,
  ordersPerDay: 1e6 / DAYS_PER_MONTH,
  lines: 1,
  readsPerOrder: 0,
  holdsPerOrder: 1,
  receiptsPerLine: 0,
  limitedShare: 0,
};

describe('a bill by hand', () => {
  it('of a million orders', () => {
    expect(itemOf(MILLION, 'gateway', 'requests')).toBeCloseTo(3 * 3.5, 6);
    // And two of the canary each minute.
    const canary = (DAYS_PER_MONTH * 1_440 * 2) / 1e6;
    expect(itemOf(MILLION, 'gateway', 'firewall, requests')).toBeCloseTo((3 + canary) * 0.6, 6);
    // Hold 9, confirm 7, ship 15.
    expect(itemOf(MILLION, 'database', 'write units')).toBeCloseTo(31 * 0.625, 6);
    // And a look at the key for one request in ten.
    expect(itemOf(MILLION, 'database', 'read units')).toBeCloseTo((1.15 + 3.7 + 3.2 + 3 * 0.1) * 0.125, 6);
    // 1 + 2 + 1 events.
    expect(itemOf(MILLION, 'spine', 'events')).toBeCloseTo(4, 6);
    // 0.02 s, 0.012 s and 0.03 s of half a GiB.
    expect(itemOf(MILLION, 'functions', 'answer: confirm')).toBeCloseTo(6_000 * 0.0000133334, 6);
    // 1.2 KB for each request.
    expect(itemOf(MILLION, 'watching', 'logs, written')).toBeCloseTo(3.6 * 0.5, 6);
  });

  it('of tenants with limits: a take for each request, and two lists', () => {
    const limited = { ...MILLION, limitedShare: 1, takesPerRequest: 0.5 };
    expect(itemOf(limited, 'database', 'write units')).toBeCloseTo((31 + 3 * 0.5 + 2.4) * 0.625, 6);
  });

  it('of three regions: writes three times, takes and reads once', () => {
    const three = { ...MILLION, regions: 3, limitedShare: 1, takesPerRequest: 0.5 };
    expect(itemOf(three, 'database', 'write units')).toBeCloseTo(((31 + 2.4) * 3 + 1.5) * 0.625, 6);
    expect(itemOf(three, 'database', 'read units')).toBeCloseTo((8.35 + 2.15) * 0.125, 6);
  });

  it('of a stage in which nothing happens', () => {
    const minutes = DAYS_PER_MONTH * 1_440;
    // Sweep, audit, canary, and the two answers that it gets.
    const gibSeconds = minutes * (60 * 0.25 + (30 * 0.5) / 15 + 0.5 * 0.25 + 0.04 * 0.5);
    const functions = minutes * (4 + 1 / 15) * 0.2e-6 + gibSeconds * 0.0000133334;
    const looks = minutes * 12 * (2 * 0.625e-6 + 11 * 0.125e-6);
    const canary = minutes * (2 * (3.5e-6 + 0.6e-6) + 16 * 0.625e-6 + 3.15 * 0.125e-6);
    const queues = 4 * 15 * minutes * 0.4e-6;
    // Ten functions that answer have 4 metrics, `reserve` 6; the stream 12, sweep 4, audit 3, three queues 3, canary 2.
    const metrics = (10 * 4 + 6 + 12 + 4 + 3 + 9 + 2) * 0.3;
    // 68 metrics in alarms, 7 composite alarms, the region's dashboard and that of all.
    const watched = 68 * 0.1 + 7 * 0.5 + 2 * 3;
    const standing = metrics + watched + 2 * 1 + 19 * 2 * (minutes / 5) * 3e-6 + 2 * 0.4;
    const firewall = 5 + 6;
    const idle = { ...ASSUMED, ordersPerDay: 0 };
    expect(usdOf(idle)).toBeCloseTo(functions + looks + canary + queues + standing + firewall, 6);
  });
});

const share = fc.double({ min: 0, max: 1, noNaN: true });
const workloads: fc.Arbitrary<Workload> = fc.record({
  ordersPerDay: fc.integer({ min: 0, max: 10_000_000 }),
  lines: fc.integer({ min: 1, max: 50 }),
  readsPerOrder: fc.integer({ min: 0, max: 1_000 }),
  regions: fc.integer({ min: 1, max: 9 }),
  holdsPerOrder: fc.double({ min: 1, max: 10, noNaN: true }),
  releasedShare: share,
  receiptsPerLine: share,
  webhooksPerOrder: fc.integer({ min: 0, max: 5 }),
  rememberedReadsShare: share,
  rememberedKeysShare: share,
  limitedShare: share,
  takesPerRequest: share,
  logKbPerRequest: fc.double({ min: 0, max: 10, noNaN: true }),
  months: fc.integer({ min: 0, max: 60 }),
  tracedShare: share,
});

describe('every bill', () => {
  it.each(['ordersPerDay', 'regions', 'lines', 'readsPerOrder', 'months', 'webhooksPerOrder'] as const)(
    'is never smaller with more %s',
    (name) => {
      fc.assert(
        fc.property(workloads, fc.integer({ min: 1, max: 1_000 }), (workload, more) => {
          const larger = { ...workload, [name]: workload[name] + more };
          expect(usdOf(larger)).toBeGreaterThanOrEqual(usdOf(workload) - 1e-9);
        }),
      );
    },
  );

  it('is the same for any orders that nobody places', () => {
    fc.assert(
      fc.property(workloads, ({ regions, ...workload }) => {
        const none = { ...workload, regions, ordersPerDay: 0 };
        expect(usdOf(none)).toBeCloseTo(usdOf({ ...ASSUMED, ordersPerDay: 0, regions }), 6);
      }),
    );
  });

  it('grows by as much for each further order', () => {
    fc.assert(
      fc.property(workloads, (workload) => {
        const at = (ordersPerDay: number) => usdOf({ ...workload, ordersPerDay });
        const each = at(1_000) - at(0);
        expect(at(3_000)).toBeCloseTo(at(0) + 3 * each, 4);
      }),
    );
  });

  it('has levers that save something and no more than all, the largest first', () => {
    fc.assert(
      fc.property(workloads, (workload) => {
        const saved = leversOf(workload, prices).map(({ usdPerMonth }) => usdPerMonth);
        expect(saved).toEqual(saved.toSorted((a, b) => b - a));
        for (const usd of saved) {
          expect(usd).toBeGreaterThan(0);
          expect(usd).toBeLessThan(usdOf(workload));
        }
      }),
    );
  });
});

describe('a price with tiers', () => {
  const { restRequest } = prices.prices;

  it.each([
    [333e6, 333 * 3.5],
    [500e6, 333 * 3.5 + 167 * 2.8],
    [2e9, 333 * 3.5 + 667 * 2.8 + 1_000 * 2.38],
    [30e9, 333 * 3.5 + 667 * 2.8 + 19_000 * 2.38 + 10_000 * 1.51],
  ])('of %d requests', (requests, usd) => {
    expect(usdFor(restRequest, requests)).toBeCloseTo(usd, 6);
  });

  it('counts by region', () => {
    // 600 million requests a month, in two regions.
    const workload = { ...MILLION, ordersPerDay: 200e6 / DAYS_PER_MONTH, regions: 2 };
    expect(itemOf(workload, 'gateway', 'requests')).toBeCloseTo(600 * 3.5, 6);
  });
});

describe('the naive design', () => {
  it('writes 16 units for an order of one line, and 8 for each further line', () => {
    expect([1, 2, 3].map(naiveWritesOf)).toEqual([16, 24, 32]);
  });
});
