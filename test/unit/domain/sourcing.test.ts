import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMet, type Supply, sourceByPriority } from '../../../lib/domain/sourcing.ts';

const PRIORITIES: Record<string, number> = { north: 1, south: 2, west: 2 };
const priorityOf = (locationId: string) => PRIORITIES[locationId] ?? 9;

const at = (locationId: string, sku: string, available: number): Supply => ({
  sku,
  locationId,
  region: 'us-east-1',
  shard: 0,
  available,
  promised: 0,
});

/** Sourced units as `location:quantity`, line by line. */
const places = (sourced: ReturnType<typeof sourceByPriority>) =>
  sourced.map((units) => units.map(({ locationId, quantity }) => `${locationId}:${quantity}`));

describe('sourcing by priority', () => {
  it.each([
    {
      case: 'one location that has it all comes before several, even of lower priority',
      lines: [
        { sku: 'a', quantity: 3 },
        { sku: 'b', quantity: 2 },
      ],
      supply: [at('north', 'a', 9), at('south', 'a', 3), at('south', 'b', 2)],
      expected: [['south:3'], ['south:2']],
    },
    {
      case: 'the lower priority number comes first',
      lines: [{ sku: 'a', quantity: 2 }],
      supply: [at('south', 'a', 5), at('north', 'a', 5)],
      expected: [['north:2']],
    },
    {
      case: 'equal priorities go by id',
      lines: [{ sku: 'a', quantity: 2 }],
      supply: [at('west', 'a', 5), at('south', 'a', 5)],
      expected: [['south:2']],
    },
    {
      case: 'line by line, each from one location if one has it all',
      lines: [
        { sku: 'a', quantity: 2 },
        { sku: 'b', quantity: 2 },
      ],
      supply: [at('north', 'a', 2), at('south', 'b', 2), at('north', 'b', 1)],
      expected: [['north:2'], ['south:2']],
    },
    {
      case: 'a line is split when no location has it all',
      lines: [{ sku: 'a', quantity: 5 }],
      supply: [at('south', 'a', 3), at('north', 'a', 3)],
      expected: [['north:3', 'south:2']],
    },
    {
      case: 'a line that names a location takes from it, and first',
      lines: [
        { sku: 'a', quantity: 3 },
        { sku: 'a', quantity: 2, locationId: 'north' },
      ],
      supply: [at('north', 'a', 4), at('south', 'a', 1)],
      expected: [['north:2', 'south:1'], ['north:2']],
    },
    {
      case: 'what is short stays short',
      lines: [
        { sku: 'a', quantity: 5 },
        { sku: 'c', quantity: 1 },
      ],
      supply: [at('north', 'a', 2)],
      expected: [['north:2'], []],
    },
  ])('$case', ({ lines, supply, expected }) => {
    expect(places(sourceByPriority(lines, supply, priorityOf))).toEqual(expected);
  });

  it('never takes more than there is, and meets a cart whenever there is enough', () => {
    const quantity = fc.integer({ min: 1, max: 5 });
    const skus = fc.constantFrom('a', 'b');
    const location = fc.constantFrom('north', 'south', 'west');
    const line = fc.record({ sku: skus, quantity, locationId: fc.option(location, { nil: undefined }) });
    const key = (entry: { sku: string; locationId?: string | undefined }) =>
      `${entry.sku}@${entry.locationId}`;
    const supply = fc.uniqueArray(fc.tuple(location, skus, fc.nat({ max: 6 })), {
      selector: ([l, s]) => l + s,
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(line, { minLength: 1, maxLength: 4, selector: key }),
        supply,
        (asked, stock) => {
          const lines = asked.map(({ locationId, ...rest }) => (locationId ? { ...rest, locationId } : rest));
          const supplies = stock.map(([locationId, sku, available]) => at(locationId, sku, available));
          const sourced = sourceByPriority(lines, supplies, priorityOf);
          const taken = new Map<string, number>();
          for (const [index, units] of sourced.entries()) {
            for (const unit of units) {
              const id = key({ sku: lines[index]?.sku ?? '', locationId: unit.locationId });
              taken.set(id, (taken.get(id) ?? 0) + unit.quantity);
            }
          }
          for (const entry of supplies)
            expect(taken.get(key(entry)) ?? 0).toBeLessThanOrEqual(entry.available);
          const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
          for (const sku of ['a', 'b']) {
            const own = lines.filter((entry) => entry.sku === sku);
            const named = own.filter((entry) => 'locationId' in entry);
            const namedFit = named.every((entry) => {
              const there = supplies.find((s) => s.sku === sku && s.locationId === entry.locationId);
              return (there?.available ?? 0) >= entry.quantity;
            });
            const enough =
              sum(own.map((e) => e.quantity)) <=
              sum(supplies.filter((s) => s.sku === sku).map((s) => s.available));
            const met = lines.every(
              (entry, index) => entry.sku !== sku || isMet(entry, sourced[index] ?? []),
            );
            expect(met).toBe(namedFit && enough);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
