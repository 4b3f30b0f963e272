import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { indexWriteUnits, tableWriteUnits } from '../../lib/local/meter/capacity-units.ts';
import { type Item, itemSize } from '../../lib/local/meter/item-size.ts';
import { applyUpdate } from '../../lib/local/meter/update-expression.ts';
import { type MeteredDatabase, startMeteredDatabase } from './fixtures/metered-database.ts';

/** Two or three calls each: enough to reach every clause with every type, and a few seconds long. */
const RUNS = 150;
/** A write unit. */
const UNIT_BYTES = 1_024;
const TABLE = {
  name: 'metered',
  keys: ['pk', 'sk'],
  indexes: [
    { keys: ['listPk', 'listSk'], projected: ['pk', 'sk', 'listPk', 'listSk'] },
    { keys: ['openPk', 'openSk'], projected: ['pk', 'sk', 'openPk', 'openSk', 'skus'] },
  ],
};

let database: MeteredDatabase;
beforeAll(async () => {
  database = await startMeteredDatabase();
});
afterAll(() => database?.stop());

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }),
  fc.nat(1_500).map((n) => 'x'.repeat(n + 1)),
);
const keyText = fc.constantFrom('1', '2');
const string = text.map((S): AttributeValue => ({ S }));
const number = fc
  .oneof(
    fc.integer(),
    fc.integer({ min: -9_999, max: 9_999 }).map((n) => n / 1_000),
    fc.tuple(fc.integer(), fc.integer({ min: -20, max: 20 })).map(([n, exponent]) => `${n}e${exponent}`),
  )
  .map((n): AttributeValue => ({ N: String(n) }));
const scalar = fc.oneof(
  string,
  number,
  fc.boolean().map((BOOL): AttributeValue => ({ BOOL })),
);
const list = fc.array(scalar, { maxLength: 3 }).map((L): AttributeValue => ({ L }));
const map = fc.dictionary(fc.constantFrom('m1', 'm2'), scalar).map((M): AttributeValue => ({ M }));

const keyValue = keyText.map((S): AttributeValue => ({ S }));
const amount = fc.integer({ min: -1_000, max: 1_000 }).map((n): AttributeValue => ({ N: String(n) }));
const labels = fc.uniqueArray(keyText, { minLength: 1 }).map((SS): AttributeValue => ({ SS }));

// DynamoDB Local charges for an index also when only one of its keys comes or goes and the item is in it neither
// before nor after; AWS does not, and the service sets both together.
const inList = fc.option(fc.record({ listPk: keyValue, listSk: keyValue }));
const inOpen = fc.option(fc.record({ openPk: keyValue, openSk: keyValue }));
const others = { skus: string, amount, note: string, entries: list, details: map, labels };

const attributes = fc
  .tuple(inList, inOpen, fc.record(others, { requiredKeys: [] }))
  .map((parts): Record<string, AttributeValue> => Object.assign({}, ...parts));

const clauses = fc.record({
  SET: fc.uniqueArray(
    fc.constantFrom(
      'listPk = :key, listSk = :key',
      'skus = :text',
      'note = if_not_exists(note, :text)',
      'amount = if_not_exists(amount, :number) - :number',
      'entries = list_append(if_not_exists(entries, :list), :list)',
      'details = :map',
    ),
    { maxLength: 4 },
  ),
  REMOVE: fc.constantFrom([], ['openPk, openSk']),
  ADD: fc.constantFrom([], ['tally :number']),
  DELETE: fc.constantFrom([], ['labels :labels']),
});

const values = fc.record({
  ':key': keyValue,
  ':text': string,
  ':number': amount,
  ':list': list,
  ':map': map,
  ':labels': labels,
});

/** Sets have no order. */
function sorted(item: Item | undefined): Item | undefined {
  item?.['labels']?.SS?.sort();
  return item;
}

it('knows, like DynamoDB, what an update leaves and what it costs', async () => {
  let run = 0;
  const update = fc.record({ before: fc.option(attributes), clauses, values });
  const holds = fc.asyncProperty(update, async (example) => {
    const Key = { pk: { S: `p${run++}` }, sk: { S: 'a' } };
    const UpdateExpression = Object.entries(example.clauses)
      .filter(([, actions]) => actions.length > 0)
      .map(([clause, actions]) => `${clause} ${actions.join(', ')}`)
      .join(' ');
    fc.pre(UpdateExpression !== '');
    const used = Object.entries(example.values).filter(([name]) =>
      new RegExp(`${name}\\b`).test(UpdateExpression),
    );
    const input = { TableName: TABLE.name, UpdateExpression };
    const withValues =
      used.length > 0 ? { ...input, ExpressionAttributeValues: Object.fromEntries(used) } : input;
    const before = example.before === null ? undefined : { ...example.before, ...Key };
    if (before !== undefined)
      await database.direct.send(new PutItemCommand({ TableName: TABLE.name, Item: before }));

    const { ConsumedCapacity } = await database.direct.send(
      new UpdateItemCommand({ ...withValues, Key, ReturnConsumedCapacity: 'TOTAL' }),
    );
    const { Item: after } = await database.direct.send(new GetItemCommand({ TableName: TABLE.name, Key }));
    const known = applyUpdate(withValues, before ?? Key);
    expect(sorted(known)).toEqual(sorted(after));
    const units = tableWriteUnits(before, known) + indexWriteUnits(TABLE, before, known);
    expect(units).toBe(ConsumedCapacity?.CapacityUnits);
  });
  await fc.assert(holds, { numRuns: RUNS });
});

// Each item is filled up to the end of a unit, where one wrong byte makes a unit more or less.
it('knows the size of an item to the byte', async () => {
  const Key = { pk: { S: 'sized' }, sk: { S: 'a' } };
  const unitsOf = async (Item: Record<string, AttributeValue>) => {
    await database.direct.send(new DeleteItemCommand({ TableName: TABLE.name, Key }));
    const put = new PutItemCommand({ TableName: TABLE.name, Item, ReturnConsumedCapacity: 'TOTAL' });
    return (await database.direct.send(put)).ConsumedCapacity?.CapacityUnits;
  };
  const holds = fc.asyncProperty(fc.record({ ...others, note: fc.constant({ S: '' }) }), async (example) => {
    const bytes = itemSize({ ...example, ...Key });
    const units = Math.ceil(bytes / UNIT_BYTES);
    const room = units * UNIT_BYTES - bytes;
    expect(await unitsOf({ ...example, ...Key, note: { S: 'x'.repeat(room) } })).toBe(units);
    expect(await unitsOf({ ...example, ...Key, note: { S: 'x'.repeat(room + 1) } })).toBe(units + 1);
  });
  await fc.assert(holds, { numRuns: RUNS });
});
