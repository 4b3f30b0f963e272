import { describe, expect, it } from 'vitest';
import {
  indexWriteUnits,
  readUnits,
  tableWriteUnits,
  writeUnits,
} from '../../lib/local/meter/capacity-units.ts';
import { type Item, itemSize } from '../../lib/local/meter/item-size.ts';

// "DynamoDB item sizes and formats" in the developer guide.
describe('the size of an item', () => {
  it.each<[what: string, item: Item, bytes: number]>([
    ['a string, in UTF-8', { a: { S: 'ünï' } }, 1 + 5],
    ['the name of an attribute, in UTF-8', { äb: { S: '' } }, 3],
    ['a number: a byte for two digits, and one', { a: { N: '12345' } }, 1 + 3 + 1],
    ['a number without its zeros', { a: { N: '0.00120' } }, 1 + 1 + 1],
    ['a round number', { a: { N: '5000000' } }, 1 + 1 + 1],
    ['a fraction, whose pairs of digits start at the point', { a: { N: '1.5' } }, 1 + 2 + 1],
    ['a number with an exponent', { a: { N: '-1.5e-3' } }, 1 + 1 + 1 + 1],
    ['a negative number', { a: { N: '-12' } }, 1 + 1 + 1 + 1],
    ['zero', { a: { N: '0' } }, 1 + 1],
    ['zero with a sign', { a: { N: '-0.0' } }, 1 + 1],
    ['binary data, decoded', { a: { B: 'AAAA' as never } }, 1 + 3],
    ['a boolean', { a: { BOOL: true } }, 1 + 1],
    ['null', { a: { NULL: true } }, 1 + 1],
    ['a set of strings', { a: { SS: ['bc', 'd'] } }, 1 + 3],
    ['a set of numbers', { a: { NS: ['1', '22'] } }, 1 + 4],
    [
      'a list: three bytes, and one for each element',
      { a: { L: [{ S: 'bc' }, { BOOL: true }] } },
      1 + 3 + 3 + 2,
    ],
    [
      'a map: three bytes, and one for each pair',
      { a: { M: { b: { S: 'c' }, d: { N: '1' } } } },
      1 + 3 + 5 + 2,
    ],
    ['an empty map', { a: { M: {} } }, 1 + 3],
    ['all its attributes', { a: { S: 'b' }, c: { S: 'd' } }, 4],
  ])('counts %s', (_, item, bytes) => {
    expect(itemSize(item)).toBe(bytes);
  });
});

describe('units', () => {
  it.each([
    [0, 1],
    [1024, 1],
    [1025, 2],
    [3072, 3],
  ])('of a write of %d bytes are %d', (bytes, units) => {
    expect(writeUnits(bytes)).toBe(units);
  });

  it.each([
    [0, 'eventual', 0.5],
    [4096, 'eventual', 0.5],
    [4097, 'eventual', 1],
    [4096, 'strong', 1],
    [8193, 'strong', 3],
  ] as const)('of a read of %d bytes, %s, are %d', (bytes, consistency, units) => {
    expect(readUnits(bytes, consistency)).toBe(units);
  });

  it('of a write are those of the larger of before and after', () => {
    const large = { pk: { S: 'x'.repeat(2_000) } };
    const small = { pk: { S: 'x' } };
    expect(tableWriteUnits(large, small)).toBe(2);
    expect(tableWriteUnits(small, large)).toBe(2);
    expect(tableWriteUnits(undefined, small)).toBe(1);
    expect(tableWriteUnits(large, undefined)).toBe(2);
  });
});

describe('an index costs', () => {
  const table = {
    name: 't',
    keys: ['pk'],
    indexes: [{ keys: ['hash', 'range'], projected: ['pk', 'hash', 'range', 'shown'] }],
  };
  const item = { pk: { S: 'a' }, hash: { S: 'h' }, range: { S: 'r' }, shown: { S: 's' }, hidden: { S: 'x' } };
  const { range: _, ...outside } = item;

  it.each([
    ['nothing for an item outside it', outside, { ...outside, hidden: { S: 'y' } }, 0],
    ['nothing when what it shows stays', item, { ...item, hidden: { S: 'y' } }, 0],
    ['1 for an entry put', undefined, item, 1],
    ['1 for an entry put by an update', outside, item, 1],
    ['1 for an entry removed', item, outside, 1],
    ['1 for an entry deleted with its item', item, undefined, 1],
    ['1 for a shown attribute changed', item, { ...item, shown: { S: 't' } }, 1],
    ['2 for a key changed', item, { ...item, range: { S: 'q' } }, 2],
    ['as much as the entry is large', undefined, { ...item, shown: { S: 'x'.repeat(1_500) } }, 2],
    [
      'nothing for the size of what it does not show',
      undefined,
      { ...item, hidden: { S: 'x'.repeat(9_000) } },
      1,
    ],
  ])('%s', (_, before, after, units) => {
    expect(indexWriteUnits(table, before, after)).toBe(units);
  });
});
