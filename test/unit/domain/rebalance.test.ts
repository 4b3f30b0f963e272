import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRebalance, type RegionUnits, SMALL_STOCK, sharesOf } from '../../../lib/domain/rebalance.ts';

const REGIONS = ['a', 'b', 'c', 'd'];
const UNITS_MAX = 50_000;

/** Two to four regions with any units and any demand, one that gives, and what it gave within the minute. */
const situations = fc.integer({ min: 2, max: REGIONS.length }).chain((count) =>
  fc.record({
    units: fc.tuple(
      ...REGIONS.slice(0, count).map((region) =>
        fc.record({
          region: fc.constant(region),
          available: fc.nat(UNITS_MAX),
          coming: fc.oneof(fc.constant(0), fc.nat(UNITS_MAX)),
          demand: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 100_000, noNaN: true })),
        }),
      ),
    ),
    giver: fc.constantFrom(...REGIONS.slice(0, count)),
    moved: fc.oneof(fc.constant(0), fc.nat(UNITS_MAX)),
  }),
);

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const has = ({ available, coming }: RegionUnits) => available + coming;
const totalOf = (units: readonly RegionUnits[]) => sum(units.map(has));
const unitsOf = (units: readonly RegionUnits[], region: string) =>
  units.find((each) => each.region === region) as RegionUnits;

/** The regions after moves have arrived. */
const arrived = (units: readonly RegionUnits[], giver: string, moves: ReturnType<typeof planRebalance>) =>
  units.map((each) => {
    const gone = each.region === giver ? sum(moves.map(({ quantity }) => quantity)) : 0;
    const come = sum(moves.filter(({ to }) => to === each.region).map(({ quantity }) => quantity));
    return { ...each, available: each.available + each.coming - gone + come, coming: 0 };
  });

const regions = (...available: number[]): RegionUnits[] =>
  available.map((units, index) => ({
    region: REGIONS[index] as string,
    available: units,
    coming: 0,
    demand: 0,
  }));

describe('what a region gives', () => {
  it('is what it has, beyond its own share, to others', () => {
    fc.assert(
      fc.property(situations, ({ units, giver, moved }) => {
        const moves = planRebalance(units, { giver, moved });
        const given = sum(moves.map(({ quantity }) => quantity));
        const own = unitsOf(units, giver);
        const share = sharesOf(units).get(giver) ?? 0;
        expect(
          moves.every(({ to, quantity }) => to !== giver && quantity > 0 && Number.isInteger(quantity)),
        ).toBe(true);
        if (given > 0)
          expect(own.available - given).toBeGreaterThanOrEqual(Math.floor(totalOf(units) * share));
      }),
    );
  });

  it('never exceeds the cap, together with what it gave within the minute', () => {
    fc.assert(
      fc.property(situations, ({ units, giver, moved }) => {
        const given = sum(planRebalance(units, { giver, moved }).map(({ quantity }) => quantity));
        if (given > 0) expect(given + moved).toBeLessThanOrEqual(totalOf(units));
      }),
    );
  });

  it('is nothing while the stock is small', () => {
    expect(planRebalance(regions(SMALL_STOCK - 1, 0, 0), { giver: 'a', moved: 0 })).toEqual([]);
    expect(planRebalance(regions(SMALL_STOCK, 0, 0), { giver: 'a', moved: 0 })).toHaveLength(2);
  });

  it('never lifts another one above its share', () => {
    fc.assert(
      fc.property(situations, ({ units, giver, moved }) => {
        const shares = sharesOf(units);
        for (const { to, quantity } of planRebalance(units, { giver, moved })) {
          const share = (shares.get(to) ?? 0) * totalOf(units);
          expect(has(unitsOf(units, to)) + quantity).toBeLessThanOrEqual(share);
        }
      }),
    );
  });

  it('comes from one region at a time', () => {
    fc.assert(
      fc.property(situations, ({ units, moved }) => {
        const givers = units.filter(({ region: giver }) => planRebalance(units, { giver, moved }).length > 0);
        expect(givers.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('never comes back at the same demand', () => {
    fc.assert(
      fc.property(situations, ({ units, giver }) => {
        const moves = planRebalance(units, { giver, moved: 0 });
        const later = arrived(units, giver, moves);
        for (const { to } of moves) expect(planRebalance(later, { giver: to, moved: 0 })).toEqual([]);
      }),
    );
  });

  it('comes to rest within as many rounds as there are regions, and the same minute later', () => {
    fc.assert(
      fc.property(situations, ({ units }) => {
        let current: RegionUnits[] = arrived(units, '', []);
        let last = Number.POSITIVE_INFINITY;
        for (let round = 0; round <= 2 * units.length; round += 1) {
          last = 0;
          for (const { region: giver } of units) {
            const moves = planRebalance(current, { giver, moved: 0 });
            last += moves.length;
            current = arrived(current, giver, moves);
          }
        }
        expect(last).toBe(0);
        expect(totalOf(current)).toBe(totalOf(units));
      }),
    );
  });
});

describe('a region', () => {
  const demand = [8_000, 1_000, 1_000];
  const selling = (...available: number[]) =>
    regions(...available).map((each, index) => ({ ...each, demand: demand[index] as number }));

  it('is not helped while it has about what it needs', () => {
    expect(planRebalance(selling(3_000, 6_000, 1_000), { giver: 'b', moved: 0 })).toEqual([]);
  });

  it('is helped up to its share when it has a small part of it', () => {
    const [move] = planRebalance(selling(500, 6_000, 3_500), { giver: 'b', moved: 0 });
    expect(move?.to).toBe('a');
    expect(move?.quantity).toBeGreaterThan(4_000);
  });

  it('is not helped when what is on its way will do', () => {
    const [first, ...others] = selling(500, 6_000, 3_500);
    const expecting = [{ ...(first as RegionUnits), coming: 3_000 }, ...others];
    expect(planRebalance(expecting, { giver: 'b', moved: 0 })).toEqual([]);
  });

  it('is not helped, however poor, while it sells so little that it has enough for long', () => {
    const slow = selling(900, 6_000, 3_100).map((each) => ({ ...each, demand: each.demand / 100 }));
    expect(planRebalance(slow, { giver: 'b', moved: 0 })).toEqual([]);
  });

  it('keeps a floor where nobody has bought yet', () => {
    const shares = sharesOf(
      selling(0, 0, 0).map((each, index) => ({ ...each, demand: index === 0 ? 1 : 0 })),
    );
    expect(shares.get('b')).toBeCloseTo(0.2 / 3);
    expect(sum([...shares.values()])).toBeCloseTo(1);
  });

  it('gives what somebody orders, without regard to cap and need', () => {
    const targets = new Map([['b', 1]]);
    expect(planRebalance(selling(9_000, 10, 990), { giver: 'a', moved: 9_000, targets })).toEqual([
      { to: 'b', quantity: 9_000 },
    ]);
    expect(planRebalance(regions(10, 0), { giver: 'a', moved: 0, targets })).toEqual([
      { to: 'b', quantity: 10 },
    ]);
  });
});
