import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../lib/local/event-patterns/event-pattern.ts';
import { expand, matchesFlat } from './fixtures/flat-matching.ts';

const matches = (pattern: unknown, event: unknown) => compilePattern(pattern, 'Rule')(event);
const RUNS = { numRuns: 1_000 };

// Few names and few characters, so that what is random meets often enough.
const name = fc.constantFrom('a', 'b', 'c');
const text = fc.string({ unit: fc.constantFrom('x', 'X', '*', '\\'), maxLength: 3 });
const number = fc.constantFrom(-0.5, 0, 1);
const value = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const escaped = (raw: string) => raw.replaceAll(/[\\*]/g, String.raw`\$&`);
const wildcard = fc
  .array(text, { minLength: 1, maxLength: 3 })
  // An empty part between two stars would put them in a row, which is refused.
  .map((parts) => parts.map((part, index) => (index > 0 && part === '' ? 'y' : part)))
  .map((parts) => parts.map(escaped).join('*'));
const shouted = fc.record({ 'equals-ignore-case': text });
const full = text.filter((one) => one !== '');

const choice = fc.oneof(
  value,
  fc.record({ prefix: fc.oneof(text, shouted) }),
  fc.record({ suffix: fc.oneof(text, shouted) }),
  shouted,
  fc.record({ wildcard }),
  fc.record({ exists: fc.boolean() }),
  fc.record({ numeric: fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), number) }),
  fc.record({
    numeric: fc.tuple(
      fc.constant('>'),
      fc.constant(-1),
      fc.constant('<='),
      number.filter((n) => n > 0),
    ),
  }),
  fc.record({ 'anything-but': fc.oneof(text, number, fc.array(text, { minLength: 1, maxLength: 2 })) }),
  fc.record({ 'anything-but': fc.oneof(fc.record({ prefix: full }), fc.record({ suffix: full })) }),
  fc.record({ 'anything-but': fc.record({ 'equals-ignore-case': full }) }),
);
const leaf = fc.array(choice, { minLength: 1, maxLength: 2 });

const dictionary = (keys: string, inner: fc.Arbitrary<unknown>, minKeys: number) =>
  fc.dictionary(fc.constantFrom(...keys), inner, { minKeys, maxKeys: 2 });
const joined = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all));

// A pattern that asks twice for one field is nothing that `$or` can be expanded to, so `$or` asks for other values.
const { event, flatEvent, plain, pattern } = fc.letrec<
  Record<'event' | 'flatEvent' | 'list' | 'plain' | 'inOr' | 'pattern', object>
>((tie) => ({
  event: joined(
    dictionary('abcd', value, 0),
    dictionary('mnab', fc.oneof({ maxDepth: 4 }, value, tie('event'), tie('list')), 0),
  ),
  list: fc.array(fc.oneof({ maxDepth: 4 }, value, tie('event'), tie('list')), { maxLength: 3 }),
  flatEvent: joined(
    dictionary('ab', value, 0),
    dictionary('mna', fc.oneof({ maxDepth: 3 }, value, tie('flatEvent')), 0),
  ),
  plain: joined(
    dictionary('ab', leaf, 1),
    dictionary('mn', fc.oneof({ maxDepth: 2 }, fc.record({ a: leaf }), tie('plain')), 0),
  ),
  inOr: joined(
    dictionary('cd', leaf, 1),
    dictionary('mn', fc.oneof({ maxDepth: 2 }, fc.record({ c: leaf }), tie('inOr')), 0),
  ),
  pattern: fc.oneof(
    tie('plain'),
    joined(tie('plain'), fc.record({ $or: fc.array(tie('inOr'), { minLength: 2, maxLength: 3 }) })),
    joined(
      tie('plain'),
      fc.record({ n: fc.record({ $or: fc.array(tie('inOr'), { minLength: 2, maxLength: 2 }) }) }),
    ),
  ),
}));

describe('the matcher', () => {
  it('agrees with a search over the flat fields of the event', () => {
    let hits = 0;
    fc.assert(
      fc.property(pattern, event, (one, seen) => {
        const expected = matchesFlat(one, seen);
        hits += expected ? 1 : 0;
        expect(matches(one, seen)).toBe(expected);
      }),
      { numRuns: 10_000 },
    );
    expect(hits).toBeGreaterThan(100);
  });

  it('takes $or for the union of the patterns it stands for', () => {
    fc.assert(
      fc.property(pattern, event, (one, seen) => {
        const union = expand(one).some((each) => matches(each, seen));
        expect(matches(one, seen)).toBe(union);
      }),
      RUNS,
    );
  });

  it('matches all fields or none, without $or and lists', () => {
    fc.assert(
      fc.property(plain, flatEvent, (one, seen) => {
        const each = Object.entries(one).every(([field, inner]) => matches({ [field]: inner }, seen));
        expect(matches(one, seen)).toBe(each);
      }),
      RUNS,
    );
  });
});

/** A choice, a value that it matches, and one that it does not. */
const told = fc.oneof(
  fc.tuple(full, text).map(([one, rest]) => [{ prefix: one }, one + rest, `z${one}`] as const),
  fc.tuple(full, text).map(([one, rest]) => [{ suffix: one }, rest + one, `${one}z`] as const),
  text.map((one) => [{ 'equals-ignore-case': one }, one.toUpperCase(), `${one}x`] as const),
  text.map((one) => [one, one, `${one}x`] as const),
  number.map((one) => [one, one, one + 0.25] as const),
  text.map((one) => [{ 'anything-but': one }, `${one}x`, one] as const),
  number.map((one) => [{ numeric: ['>', one, '<=', one + 1] }, one + 1, one] as const),
  fc
    .integer({ min: 0, max: 255 })
    .map((one) => [{ cidr: '10.1.2.0/24' }, `10.1.2.${one}`, `10.1.3.${one}`] as const),
);

it('an event that is made for a pattern matches it, and no longer when one field is changed', () => {
  const fields = fc.array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 2 }), told), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(fields, fc.nat(), (all, chosen) => {
      // The index in the name keeps a field from being an object for another one.
      const build = (pick: (one: (typeof all)[number][1], index: number) => unknown) => {
        const built: Record<string, Record<string, unknown>> = {};
        for (const [index, [names, one]] of all.entries()) {
          const [outer = '', inner = ''] = names;
          built[outer] = { ...built[outer], [`${inner}${index}`]: pick(one, index) };
        }
        return built;
      };
      const made = build(([one]) => [one]);
      expect(
        matches(
          made,
          build(([, good]) => good),
        ),
      ).toBe(true);
      const bad = chosen % all.length;
      expect(
        matches(
          made,
          build(([, good, wrong], index) => (index === bad ? wrong : good)),
        ),
      ).toBe(false);
    }),
    RUNS,
  );
});

it('a wildcard matches what the regular expression does', () => {
  fc.assert(
    fc.property(wildcard, text, text, (one, start, end) => {
      const pattern = { a: [{ wildcard: one }] };
      expect(matches(pattern, { a: start + end })).toBe(matchesFlat(pattern, { a: start + end }));
    }),
    { numRuns: 3_000 },
  );
});

it('numeric compares as arithmetic does', () => {
  const bound = fc.double({ min: -100, max: 100, noNaN: true });
  fc.assert(
    fc.property(bound, bound, fc.boolean(), fc.boolean(), (one, other, from, to) => {
      const [low, high] = one < other ? [one, other] : [other, one];
      const numeric = [from ? '>=' : '>', low, to ? '<=' : '<', high];
      for (const seen of [low, high, (low + high) / 2, low - 1, high + 1]) {
        const inside = (seen > low || (from && seen === low)) && (seen < high || (to && seen === high));
        expect(matches({ a: [{ numeric }] }, { a: seen })).toBe(inside);
      }
    }),
    RUNS,
  );
});
