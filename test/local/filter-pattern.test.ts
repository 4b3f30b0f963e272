import { describe, expect, it } from 'vitest';
import { compileFilters } from '../../lib/local/event-sources/filter-pattern.ts';

const matches = (pattern: unknown, record: unknown): boolean | undefined => {
  const [filter] = compileFilters([{ Pattern: JSON.stringify(pattern) }], 'Shop/Watch');
  return filter?.(record);
};
const RECORD = {
  eventName: 'INSERT',
  dynamodb: {
    Keys: { pk: { S: 'T#demo' }, sk: { S: 'GRANT#7' } },
    NewImage: { kind: { S: 'grant' }, open: { BOOL: true }, note: { NULL: true }, tags: { SS: ['a', 'b'] } },
    SizeBytes: 12,
  },
};
const key = (choices: unknown[]) => ({ dynamodb: { Keys: { sk: { S: choices } } } });
const size = (choices: unknown[]) => ({ dynamodb: { SizeBytes: choices } });
const image = (inner: object) => ({ dynamodb: { NewImage: inner } });

describe('a filter pattern', () => {
  it.each([
    ['an exact value', key(['GRANT#7'])],
    ['one of several', { eventName: ['MODIFY', 'INSERT'] }],
    ['all of several', { eventName: ['INSERT'], ...key(['GRANT#7']) }],
    ['a boolean', image({ open: { BOOL: [true] } })],
    ['one element of a list', image({ tags: { SS: ['b'] } })],
    ['a prefix', key([{ prefix: 'GRANT#' }])],
    ['a value or a prefix', key(['x', { prefix: 'GRANT#' }])],
    ['what is there', image({ kind: { S: [{ exists: true }] } })],
    ['what is not there', image({ ttl: { N: [{ exists: false }] } })],
    [
      'what is not there, nor what it would be in',
      { dynamodb: { OldImage: { kind: { S: [{ exists: false }] } } } },
    ],
    ['an object, as a value that is not there', image({ kind: [{ exists: false }] })],
    ['anything but a value', key([{ 'anything-but': 'GRANT#8' }])],
    ['anything but several', key([{ 'anything-but': ['GRANT#8', 'GRANT#9'] }])],
    ['anything but a prefix', key([{ 'anything-but': { prefix: 'STOCK#' } }])],
    ['a number', size([12])],
    ['a range of numbers', size([{ numeric: ['>', 0, '<=', 12] }])],
    ['the same number', size([{ numeric: ['=', 12] }])],
  ])('matches %s', (_, pattern) => expect(matches(pattern, RECORD)).toBe(true));

  it.each([
    ['another value', key(['GRANT#8'])],
    ['some of several', { eventName: ['REMOVE'], ...key(['GRANT#7']) }],
    ['another type', size(['12'])],
    ['another prefix', key([{ prefix: 'grant#' }])],
    ['what is not there', image({ ttl: { N: [{ exists: true }] } })],
    ['what is there', image({ kind: { S: [{ exists: false }] } })],
    ['anything but the value', key([{ 'anything-but': ['GRANT#8', 'GRANT#7'] }])],
    ['anything but the prefix', key([{ 'anything-but': { prefix: 'GRANT#' } }])],
    ['anything but a value, of what is not there', image({ ttl: { N: [{ 'anything-but': '1' }] } })],
    [
      'anything but a prefix, of what is not there',
      image({ ttl: { N: [{ 'anything-but': { prefix: '1' } }] } }),
    ],
    ['a range that it is outside of', size([{ numeric: ['>=', 0, '<', 12] }])],
    ["a number, in DynamoDB's own text", image({ count: { N: [{ numeric: ['>', 0] }] } })],
    ['an inherited name', { constructor: [{ exists: true }] }],
  ])('does not match %s', (_, pattern) => {
    const record = { ...RECORD, dynamodb: { ...RECORD.dynamodb } };
    Object.assign(record.dynamodb.NewImage, { count: { N: '5' } });
    expect(matches(pattern, record)).toBe(false);
  });

  it.each([
    ['not JSON', '{', 'the pattern is not JSON'],
    ['a value without a list', '{"eventName":"INSERT"}', 'a pattern holds objects, and lists'],
    ['nothing', '{}', 'a pattern holds objects, and lists'],
    ['an empty list', '{"eventName":[]}', 'an empty list matches nothing'],
    [
      'another operator',
      '{"a":[{"sounds-like":"x"}]}',
      'Filters.0.Pattern.a.0: {"sounds-like":"x"} is not known locally',
    ],
    ['two operators', '{"a":[{"prefix":"x","exists":true}]}', 'is not known locally'],
    ['a list in a list', '{"a":[["x"]]}', 'is not known locally'],
  ])('with %s is refused', (_, Pattern, message) => {
    expect(() => compileFilters([{ Pattern }], 'Shop/Watch')).toThrow(message);
  });

  it('is refused when it nests too deep, and so are too many', () => {
    const deep = `${'{"a":'.repeat(60)}["x"]${'}'.repeat(60)}`;
    expect(() => compileFilters([{ Pattern: deep }], 'Shop/Watch')).toThrow('40 objects deep');
    expect(() => compileFilters(Array(11).fill({ Pattern: '{"a":["x"]}' }), 'Shop/Watch')).toThrow(
      'at most 10',
    );
  });
});
