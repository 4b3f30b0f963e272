import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../lib/local/event-patterns/event-pattern.ts';

const matches = (pattern: object, event: unknown) => compilePattern(pattern, 'Rule')(event);
const one = (choice: unknown) => ({ a: [choice] });

describe('an operator', () => {
  it.each([
    [{ prefix: 'ab' }, 'abc', 'xab'],
    [{ prefix: '' }, 'abc', 5],
    [{ prefix: { 'equals-ignore-case': 'AB' } }, 'abc', 'ba'],
    [{ suffix: '.png' }, 'a.png', 'a.PNG'],
    [{ suffix: { 'equals-ignore-case': '.png' } }, 'a.PNG', 'a.png.txt'],
    [{ 'equals-ignore-case': 'Alice' }, 'aLICE', 'alic'],
    [{ wildcard: 'a*b' }, 'a--b', 'a--bc'],
    [{ wildcard: 'a*a' }, 'aa', 'a'],
    [{ wildcard: '*' }, '', null],
    [{ wildcard: '*/lib/*.ts' }, 'x/lib/lib/a.ts', 'x/lib.ts'],
    [{ wildcard: 'a\\*b' }, 'a*b', 'axb'],
    [{ wildcard: 'a\\\\*b' }, 'a\\xb', 'a*b'],
    [{ cidr: '10.0.0.0/24' }, '10.0.0.255', '10.0.1.0'],
    [{ cidr: '10.0.0.0/24' }, '10.0.0.1', '10.1'],
    [{ cidr: '2001:db8::/32' }, '2001:db8:1::1', '10.0.0.1'],
    [{ cidr: '0.0.0.0/0' }, '255.1.2.3', 'host'],
    [{ numeric: ['=', 3.018e2] }, 301.8, '301.8'],
    [{ numeric: ['>=', 0, '<', 5] }, 0, 5],
    [{ numeric: ['<=', -1] }, -1, 0],
    [{ exists: true }, null, { b: 1 }],
    [{ 'anything-but': 'x' }, 5, 'x'],
    [{ 'anything-but': [1, 2] }, '1', 2],
    [{ 'anything-but': { prefix: 'x' } }, 5, 'xy'],
    [{ 'anything-but': { prefix: ['x', 'y'] } }, 'z', 'yx'],
    [{ 'anything-but': { suffix: 'x' } }, 'xy', 'yx'],
    [{ 'anything-but': { wildcard: '*/lib/*' } }, 'lib', 'a/lib/b'],
    [{ 'anything-but': { 'equals-ignore-case': ['A', 'b'] } }, 'c', 'B'],
    [{ 'anything-but': { 'equals-ignore-case': 'a' } }, 'c', 'A'],
    [null, null, undefined],
    ['', '', undefined],
    [1, 1.0, '1'],
    [true, true, 'true'],
  ])('%j matches %j and not %j', (choice, matching, other) => {
    expect(matches(one(choice), { a: matching })).toBe(true);
    expect(matches(one(choice), { a: other })).toBe(false);
    expect(matches(one(choice), {})).toBe(false);
  });
});

describe('what is not there', () => {
  const absent = { a: { b: [{ exists: false }] } };
  it.each([
    [{}],
    [{ a: 5 }],
    [{ a: {} }],
    [{ a: { b: {} } }],
    [{ a: { b: [] } }],
    [{ a: [] }],
    [{ a: [{ c: 1 }] }],
  ])('has no value in %j', (event) => expect(matches(absent, event)).toBe(true));
  it.each([[{ a: { b: null } }], [{ a: { b: [1] } }], [{ a: [{ c: 1 }, { b: 1 }] }]])(
    'has a value in %j',
    (event) => expect(matches(absent, event)).toBe(false),
  );
});

describe('a list in an event', () => {
  const both = { a: { b: [1], c: [2] } };
  it('matches when one of its elements does', () => {
    expect(matches({ a: ['x'] }, { a: ['w', 'x'] })).toBe(true);
    expect(matches({ a: [{ 'anything-but': 'x' }] }, { a: ['w', 'x'] })).toBe(true);
    expect(matches({ a: ['x'] }, { a: [['x'], { b: 1 }] })).toBe(true);
  });
  it('of objects matches when one of them does in all fields', () => {
    expect(matches(both, { a: [{ b: 0 }, { b: 1, c: 2 }] })).toBe(true);
    expect(matches(both, { a: [{ b: 1 }, { c: 2 }] })).toBe(false);
  });
});

describe('$or', () => {
  const pattern = { x: [1], $or: [{ a: ['p'] }, { b: { $or: [{ c: [1] }, { d: [2], e: [3] }] } }] };
  it.each([
    [{ x: 1, a: 'p' }, true],
    [{ x: 1, b: { c: 1 } }, true],
    [{ x: 1, b: { d: 2, e: 3 } }, true],
    [{ x: 1, b: { d: 2 } }, false],
    [{ x: 2, a: 'p' }, false],
    [{ x: 1 }, false],
  ])('of %j is %j', (event, expected) => expect(matches(pattern, event)).toBe(expected));

  it('multiplies to a thousand combinations at most', () => {
    const or = (length: number) => ({ $or: Array.from({ length }, (_, index) => ({ [`f${index}`]: [1] })) });
    expect(() => compilePattern({ a: or(10), b: or(10), c: or(10) }, 'Rule')).not.toThrow();
    expect(() => compilePattern({ a: or(10), b: or(10), c: or(11) }, 'Rule')).toThrow(
      'more than 1000 combinations',
    );
  });
});

describe('a pattern is refused with', () => {
  it.each([
    ['a prefix of a number', one({ prefix: 1 }), 'Rule.a.0: prefix takes a string'],
    ['another operator in a prefix', one({ prefix: { suffix: 'x' } }), 'prefix takes a string'],
    ['a suffix of nothing', one({ suffix: null }), 'suffix takes a string'],
    [
      'equals-ignore-case of a list',
      one({ 'equals-ignore-case': ['x'] }),
      'equals-ignore-case takes a string',
    ],
    ['a wildcard of a number', one({ wildcard: 1 }), 'wildcard takes a string'],
    ['two stars', one({ wildcard: 'a**b' }), 'no two * in a row'],
    ['an escape of another character', one({ wildcard: 'a\\b' }), 'a backslash of a wildcard'],
    ['an escape of nothing', one({ wildcard: 'a\\' }), 'a backslash of a wildcard'],
    ['no network', one({ cidr: '10.0.0.0' }), 'cidr takes an address'],
    ['a network that is too narrow', one({ cidr: '10.0.0.0/33' }), 'cidr takes an address'],
    ['a network of half an address', one({ cidr: '10.0/16' }), 'cidr takes an address'],
    ['exists without an answer', one({ exists: 'yes' }), 'exists takes true or false'],
    ['numeric without a number', one({ numeric: ['<', '1'] }), 'numeric takes numbers'],
    ['numeric of nothing', one({ numeric: [] }), 'numeric takes one comparison'],
    ['numeric of half a comparison', one({ numeric: ['<'] }), 'numeric takes one comparison'],
    [
      'numeric with the upper bound first',
      one({ numeric: ['<', 5, '>', 0] }),
      'numeric takes one comparison',
    ],
    ['numeric with two equalities', one({ numeric: ['=', 5, '=', 5] }), 'numeric takes one comparison'],
    ['an empty range', one({ numeric: ['>', 5, '<', 0] }), 'is above the upper one'],
    ['a number that is too large', one({ numeric: ['<', 5.1e9] }), 'numeric takes numbers from'],
    ['anything-but of nothing', one({ 'anything-but': [] }), 'an empty list excludes nothing'],
    [
      'anything-but of mixed values',
      one({ 'anything-but': ['a', 1] }),
      'anything-but takes strings, numbers',
    ],
    ['anything-but of null', one({ 'anything-but': null }), 'anything-but takes strings, numbers'],
    [
      'anything-but of exists',
      one({ 'anything-but': { exists: true } }),
      'anything-but takes strings, numbers',
    ],
    ['anything-but of an empty prefix', one({ 'anything-but': { prefix: '' } }), 'no empty text'],
    ['$or of one pattern', { $or: [{ a: [1] }] }, 'Rule.$or: $or takes a list of at least two'],
    ['$or of values', { $or: ['a', 'b'] }, '$or takes a list of at least two'],
    ['$or of an empty pattern', { $or: [{ a: [1] }, {}] }, 'Rule.$or.1: a pattern holds objects'],
    ['a value without a list', { a: { b: 'x' } }, 'Rule.a.b: a pattern holds objects'],
    ['an empty object', { a: {} }, 'Rule.a: a pattern holds objects'],
    ['an empty list', { a: [] }, 'Rule.a: an empty list matches nothing'],
  ])('%s', (_, pattern, message) => expect(() => compilePattern(pattern, 'Rule')).toThrow(message));
});
