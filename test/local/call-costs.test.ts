import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '../../lib/local/meter/item-size.ts';
import { type MeteredDatabase, startMeteredDatabase } from './fixtures/metered-database.ts';

let database: MeteredDatabase;
beforeAll(async () => {
  database = await startMeteredDatabase();
});
afterAll(() => database?.stop());

const TableName = 'metered';
let partition = 0;
beforeEach(() => {
  partition += 1;
});
const key = (sk = 'a') => ({ pk: { S: `p${partition}` }, sk: { S: sk } });
const filler = (bytes: number) => ({ filler: { S: 'x'.repeat(bytes) } });
const listed = { listPk: { S: 'l' }, listSk: { S: '1' } };
const opened = { openPk: { S: 'o' }, openSk: { S: '1' }, skus: { S: 'mug' } };

/** Puts items past the meter, which must find out by itself what was there. */
async function given(...items: Item[]): Promise<void> {
  for (const item of items) await database.direct.send(new PutItemCommand({ TableName, Item: { ...item } }));
}

const transact = (...TransactItems: TransactWriteItem[]) =>
  database.spent(() =>
    database.client.send(new TransactWriteItemsCommand({ TransactItems })).catch(() => undefined),
  );

const put = (item: Item, rest: object = {}) => ({ Put: { TableName, Item: { ...item }, ...rest } });
const update = (UpdateExpression: string, rest: object = {}) => ({
  Update: { TableName, Key: key(), UpdateExpression, ...rest },
});
const value = (text: string) => ({ ExpressionAttributeValues: { ':v': { S: text } } });
const create = { ConditionExpression: 'attribute_not_exists(#k)', ExpressionAttributeNames: { '#k': 'pk' } };

describe('a transaction costs', () => {
  it.each<[string, Item | undefined, () => TransactWriteItem, number]>([
    ['2 for a small item put', undefined, () => put(key()), 2],
    ['2 for each KB', undefined, () => put({ ...key(), ...filler(1_500) }), 4],
    ['for the item that was there, when it was larger', filler(2_500), () => put(key()), 6],
    ['1 more for an index entry put', undefined, () => put({ ...key(), ...listed }), 3],
    ['1 more for an index entry removed by a put', listed, () => put(key()), 3],
    ['1 more for each index', undefined, () => put({ ...key(), ...listed, ...opened }), 4],
    ['2 for an update outside the indexes', listed, () => update('SET note = :v', value('x')), 2],
    ['2 more for an index key changed', listed, () => update('SET listSk = :v', value('2')), 4],
    ['1 more for a projected attribute changed', opened, () => update('SET skus = :v', value('cup')), 3],
    [
      'nothing more for a projected attribute set to what it was',
      opened,
      () => update('SET skus = :v', value('mug')),
      2,
    ],
    ['1 more for an item taken out of an index', listed, () => update('REMOVE listPk, listSk'), 3],
    [
      '1 more for an item that an update puts into an index',
      undefined,
      () => update('SET listPk = :v, listSk = :v', value('2')),
      3,
    ],
    [
      'for the size that an update leaves',
      undefined,
      () => update('SET note = :v', value('x'.repeat(1_100))),
      4,
    ],
    ['for the size that an update finds', filler(2_500), () => update('REMOVE filler'), 6],
    [
      'for the item that it deletes, and its entries',
      { ...filler(1_500), ...listed },
      () => ({ Delete: { TableName, Key: key() } }),
      5,
    ],
    ['2 for a delete of nothing', undefined, () => ({ Delete: { TableName, Key: key() } }), 2],
    [
      'for the size of the item that it checks',
      filler(1_500),
      () => ({ ConditionCheck: { TableName, Key: key(), ConditionExpression: 'attribute_exists(pk)' } }),
      4,
    ],
  ])('%s', async (_, before, action, write) => {
    if (before !== undefined) await given({ ...key(), ...before });
    expect(await transact(action())).toEqual({ calls: 1, read: 0, write });
  });

  it('what its items cost together, also when it asks DynamoDB nothing before', async () => {
    const items = ['a', 'b', 'c', 'd'].map((sk) => put({ ...key(sk), ...listed }, create));
    expect(await transact(...items)).toEqual({ calls: 1, read: 0, write: 12 });
  });

  it('for images that it keeps from one call to the next', async () => {
    await transact(put({ ...key(), ...listed, ...filler(900) }));
    expect(await transact(update('SET note = :v, listSk = :v', value('x'.repeat(200))))).toMatchObject({
      write: 6,
    });
    expect(await transact(update('REMOVE note'))).toMatchObject({ write: 4 });
    await database.client.send(
      new UpdateItemCommand({ TableName, Key: key(), UpdateExpression: 'REMOVE filler' }),
    );
    expect(await transact(update('REMOVE listPk'))).toMatchObject({ write: 3 });
    await database.client.send(new DeleteItemCommand({ TableName, Key: key() }));
    expect(await transact(update('SET note = :v', value('x')))).toMatchObject({ write: 2 });
  });

  it('as much for a failed condition as the items that are there', async () => {
    await given({ ...key(), ...filler(2_500) });
    const refused = put(key(), { ...create, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    expect(await transact(put(key('b')), refused)).toMatchObject({ write: 2 + 6 });
  });

  it('reads when it is sent again with its token', async () => {
    const again = new TransactWriteItemsCommand({
      ClientRequestToken: `token-${partition}`,
      TransactItems: [put(key('a')), put(key('b'))],
    });
    expect(await database.spent(() => database.client.send(again))).toEqual({ calls: 1, read: 0, write: 4 });
    expect(await database.spent(() => database.client.send(again))).toEqual({ calls: 1, read: 4, write: 0 });
  });

  it('nothing when it is refused before it begins', async () => {
    expect(await transact(update('SET nonsense'))).toEqual({ calls: 1, read: 0, write: 0 });
  });
});

describe('a single call costs', () => {
  it('what a write and its indexes consume', async () => {
    await given({ ...key(), ...listed, ...filler(1_500) });
    const command = new UpdateItemCommand({
      TableName,
      Key: key(),
      UpdateExpression: 'SET listSk = :v',
      ...value('2'),
    });
    expect(await database.spent(() => database.client.send(command))).toEqual({
      calls: 1,
      read: 0,
      write: 4,
    });
  });

  it.each([
    ['its image comes with the refusal', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }, 3],
    ['nothing is known of it', {}, 1],
  ])('the size of the item for a failed condition, when %s', async (_, rest, write) => {
    await given({ ...key(), ...filler(2_500) });
    const command = new PutItemCommand({ TableName, Item: key(), ...create, ...rest });
    const spent = await database.spent(() => database.client.send(command).catch(() => undefined));
    expect(spent).toEqual({ calls: 1, read: 0, write });
  });

  it('what batch writes consume', async () => {
    const requests = ['a', 'b'].map((sk) => ({ PutRequest: { Item: { ...key(sk), ...listed } } }));
    const command = new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } });
    expect(await database.spent(() => database.client.send(command))).toEqual({
      calls: 1,
      read: 0,
      write: 4,
    });
  });

  it.each([
    ['half a unit for 4 KB', { ...key() }, false, 0.5],
    ['a whole one when it is strongly consistent', { ...key() }, true, 1],
    ['as much for nothing', { ...key('nothing') }, false, 0.5],
  ])('of a read: %s', async (_, Key, ConsistentRead, read) => {
    await given({ ...key(), ...filler(3_000) });
    const get = new GetItemCommand({ TableName, Key, ConsistentRead });
    expect(await database.spent(() => database.client.send(get))).toEqual({ calls: 1, read, write: 0 });
  });

  it('of a query: the sum of the items, rounded once, and half a unit for nothing', async () => {
    await given(...['a', 'b', 'c'].map((sk) => ({ ...key(sk), ...filler(3_000) })));
    const query = (pk: string) =>
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: pk } },
      });
    expect(await database.spent(() => database.client.send(query(`p${partition}`)))).toMatchObject({
      read: 1.5,
    });
    expect(await database.spent(() => database.client.send(query('nobody')))).toMatchObject({ read: 0.5 });
  });

  it('of a query of an index with keys only: the entries, not the items', async () => {
    const listPk = { S: `l${partition}` };
    await given(
      ...['a', 'b', 'c'].map((sk) => ({ ...key(sk), listPk, listSk: { S: sk }, ...filler(9_000) })),
    );
    const command = new QueryCommand({
      TableName,
      IndexName: 'list',
      KeyConditionExpression: 'listPk = :pk',
      ExpressionAttributeValues: { ':pk': listPk },
    });
    expect(await database.spent(() => database.client.send(command))).toMatchObject({ read: 0.5 });
  });

  it('of reads of several items: each by itself, the missing ones too, twice in a transaction', async () => {
    await given({ ...key('a'), ...filler(4_500) }, key('b'));
    const Keys = ['a', 'b', 'missing'].map(key);
    const batch = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } });
    expect(await database.spent(() => database.client.send(batch))).toMatchObject({ read: 1 + 0.5 + 0.5 });
    const transaction = new TransactGetItemsCommand({
      TransactItems: Keys.map((Key) => ({ Get: { TableName, Key } })),
    });
    expect(await database.spent(() => database.client.send(transaction))).toMatchObject({ read: 4 + 2 + 2 });
  });
});
