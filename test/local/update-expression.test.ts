import { describe, expect, it } from 'vitest';
import { applyUpdate, type Update } from '../../lib/local/meter/update-expression.ts';

const before = {
  pk: { S: 'a' },
  count: { N: '5' },
  tags: { SS: ['x', 'y'] },
  list: { L: [{ S: '0' }, { S: '1' }] },
  map: { M: { inner: { N: '1' } } },
};

const apply = (UpdateExpression: string, values: Update['ExpressionAttributeValues'] = {}) =>
  applyUpdate(
    { UpdateExpression, ExpressionAttributeNames: { '#c': 'count' }, ExpressionAttributeValues: values },
    before,
  );

// DynamoDB itself is asked in call-costs.test.ts; these are the forms, one by one.
describe('an update expression', () => {
  it.each([
    ['SET #c = :v', { ...before, count: { N: '7' } }],
    ['set #c = #c + :v, fresh = :v', { ...before, count: { N: '12' }, fresh: { N: '7' } }],
    ['SET #c = :v - #c', { ...before, count: { N: '2' } }],
    ['SET #c = if_not_exists(missing, :v)', { ...before, count: { N: '7' } }],
    ['SET #c = if_not_exists(#c, :v) + :v', { ...before, count: { N: '12' } }],
    [
      'SET map.inner = :v, list[1] = :v',
      { ...before, map: { M: { inner: { N: '7' } } }, list: { L: [{ S: '0' }, { N: '7' }] } },
    ],
    ['SET list = list_append(list, :l)', { ...before, list: { L: [{ S: '0' }, { S: '1' }, { S: 'z' }] } }],
    ['REMOVE map.inner, list[0]', { ...before, map: { M: {} }, list: { L: [{ S: '1' }] } }],
    ['ADD #c :v', { ...before, count: { N: '12' } }],
    ['ADD fresh :v', { ...before, fresh: { N: '7' } }],
    ['ADD tags :s', { ...before, tags: { SS: ['x', 'y', 'z'] } }],
    ['DELETE tags :x', { ...before, tags: { SS: ['y'] } }],
    [
      'SET #c = :v REMOVE tags ADD more :v',
      { pk: before.pk, count: { N: '7' }, list: before.list, map: before.map, more: { N: '7' } },
    ],
  ])('%s changes the item', (expression, after) => {
    const values = {
      ':v': { N: '7' },
      ':l': { L: [{ S: 'z' }] },
      ':s': { SS: ['y', 'z'] },
      ':x': { SS: ['x'] },
    };
    expect(apply(expression, values)).toEqual(after);
  });

  it('takes the values before the update, whatever it changes first', () => {
    expect(apply('SET #c = :v, copy = #c', { ':v': { N: '7' } })).toMatchObject({ copy: { N: '5' } });
  });

  it('removes a set whose last element goes', () => {
    expect(apply('DELETE tags :all', { ':all': { SS: ['x', 'y'] } })).not.toHaveProperty('tags');
  });

  it.each(['', 'SET', 'SET a = :missing', 'SET a = b', 'SET a = other(:v)', 'REMOVE no.where', 'PUT a :v'])(
    'that cannot be followed leaves the item unknown: %j',
    (expression) => {
      expect(apply(expression)).toBeUndefined();
    },
  );

  it('does not change the item it is given', () => {
    const copy = structuredClone(before);
    apply('REMOVE map.inner, list[0], #c');
    expect(before).toEqual(copy);
  });
});
