import { describe, expect, it } from 'vitest';
import { requestsOf } from '../../../lib/local/iam/database-request.ts';

const keys = new Map([
  [
    't',
    new Map<string | undefined, string>([
      [undefined, 'pk'],
      ['list', 'listPk'],
    ]),
  ],
]);
const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/t';
const of = (operation: string, body: object) =>
  requestsOf({ operation, body: Buffer.from(JSON.stringify(body)) }, { region: 'us-east-1', keys }).map(
    ({ action, resource, context }) => [action, resource, context['dynamodb:LeadingKeys']],
  );
const item = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });

describe('what a call asks for', () => {
  it.each([
    ['GetItem', { TableName: 't', Key: item('T#a') }],
    ['PutItem', { TableName: 't', Item: { ...item('T#a'), listPk: { S: 'T#b' } } }],
    ['UpdateItem', { TableName: 't', Key: item('T#a') }],
    ['DeleteItem', { TableName: 't', Key: item('T#a') }],
  ])('%s: the partition of its item', (operation, body) => {
    expect(of(operation, body)).toEqual([[`dynamodb:${operation}`, table, ['T#a']]]);
  });

  it('a batch: all partitions it names', () => {
    const body = { RequestItems: { t: { Keys: [item('T#a'), item('T#b')] } } };
    expect(of('BatchGetItem', body)).toEqual([['dynamodb:BatchGetItem', table, ['T#a', 'T#b']]]);
    const writes = {
      RequestItems: { t: [{ PutRequest: { Item: item('T#a') } }, { DeleteRequest: { Key: item('T#b') } }] },
    };
    expect(of('BatchWriteItem', writes)).toEqual([['dynamodb:BatchWriteItem', table, ['T#a', 'T#b']]]);
  });

  it('a transaction: each of its actions by itself', () => {
    const TransactItems = [
      { Put: { TableName: 't', Item: item('T#a') } },
      { ConditionCheck: { TableName: 't', Key: item('T#b') } },
    ];
    expect(of('TransactWriteItems', { TransactItems })).toEqual([
      ['dynamodb:PutItem', table, ['T#a']],
      ['dynamodb:ConditionCheckItem', table, ['T#b']],
    ]);
  });

  it('a query: the partition of its condition, in the table or the index', () => {
    const query = {
      TableName: 't',
      KeyConditionExpression: '#s >= :from AND #p = :p',
      ExpressionAttributeNames: { '#p': 'pk', '#s': 'sk' },
      ExpressionAttributeValues: { ':p': { S: 'T#a' }, ':from': { S: 'T#b' } },
    };
    expect(of('Query', query)).toEqual([['dynamodb:Query', table, ['T#a']]]);
    const index = {
      ...query,
      IndexName: 'list',
      ExpressionAttributeNames: { '#p': 'listPk', '#s': 'listSk' },
    };
    expect(of('Query', index)).toEqual([['dynamodb:Query', `${table}/index/list`, ['T#a']]]);
  });

  it('what names no partition: none', () => {
    expect(of('Scan', { TableName: 't' })).toEqual([['dynamodb:Scan', table, []]]);
    expect(of('Query', { TableName: 't', IndexName: 'due' })).toEqual([
      ['dynamodb:Query', `${table}/index/due`, []],
    ]);
    expect(of('ExecuteStatement', { Statement: 'SELECT * FROM t' })[0]?.[2]).toEqual([]);
  });
});
