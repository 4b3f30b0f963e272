/** The read model on a table of its own, in each region one that nobody replicates. */
import { GetCommand, PutCommand, type PutCommandInput } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import type { Clock, PutRollup, Randomness, ReadModel, Watermark } from '../../application/ports.ts';
import { shownFaults } from '../../application/shown-faults.ts';
import { TABLE_KEY } from '../../config/table.ts';
import type { Rollup, RollupKey } from '../../domain/rollup.ts';
import { systemClock } from '../system/clock.ts';
import { systemRandomness } from '../system/randomness.ts';
import { type Connection, createClient } from './client.ts';
import { type Database, read } from './database.ts';
import { asThrown, judgeWriteFailure } from './failures.ts';
import type { Item } from './items.ts';
import { type ItemKey, keyText } from './keys.ts';
import { skuPartition, watermarkPartition } from './partitions.ts';
import { getItems } from './records.ts';
import { rollup as rollupSchema, watermark as watermarkSchema } from './rollup-schema.ts';

export interface ReadModelSettings extends Connection {
  readonly tableName: string;
  /** @default the machine's */
  readonly clock?: Clock;
  /** @default the operating system's */
  readonly random?: Randomness;
}

/** The read model, and how to let go of it. */
export interface DynamoDbReadModel extends ReadModel {
  /** Closes the connections. */
  close(): void;
}

/** One for the whole region: no key of a tenant begins so. */
const WATERMARK_KEY: ItemKey = { pk: watermarkPartition(), sk: 'WATERMARK' };

const rollupKey = ({ tenantId, sku }: RollupKey): ItemKey => ({
  pk: skuPartition(tenantId, sku),
  sk: 'ROLLUP',
});

/** @throws an Error that names the key when the item is no such record: it was written by a bug. */
function parse<Value>(schema: z.ZodType<Value>, item: Item, key: ItemKey): Value {
  const { [TABLE_KEY.partition]: _pk, [TABLE_KEY.sort]: _sk, ...fields } = item;
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new Error(
    `The item ${keyText(key)} of the read model is malformed: ${shownFaults(parsed.error.issues)}`,
  );
}

const optional = (item: Item | undefined, key: ItemKey): Rollup | undefined =>
  item === undefined ? undefined : parse<Rollup>(rollupSchema, item, key);

async function getItem(
  { client, tableName }: Database,
  key: ItemKey,
  strong: boolean,
): Promise<Item | undefined> {
  const input = { TableName: tableName, Key: key, ConsistentRead: strong };
  const { Item: item } = await read(() => client.send(new GetCommand(input)));
  return item;
}

/** Puts an item on a condition. @returns the failure's image, or that it was stored. */
async function putIf(
  { client, tableName }: Database,
  item: Item,
  condition: Pick<
    PutCommandInput,
    'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
  >,
): Promise<{ readonly stored: true } | { readonly stored: false; readonly image: Item | undefined }> {
  try {
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item: item,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...condition,
      }),
    );
    return { stored: true };
  } catch (error) {
    const judged = judgeWriteFailure(error);
    if (judged.failure !== 'refused') throw asThrown(error);
    return { stored: false, image: judged.images.get(0) };
  }
}

const PARTITION = { '#partition': TABLE_KEY.partition };

async function putRollup(database: Database, rollup: Rollup): Promise<PutRollup> {
  const key = rollupKey(rollup);
  const fields = parse<Rollup>(rollupSchema, { ...rollup }, key);
  const put = await putIf(
    database,
    { ...fields, ...key },
    rollup.version === 1
      ? { ConditionExpression: 'attribute_not_exists(#partition)', ExpressionAttributeNames: PARTITION }
      : {
          ConditionExpression: '#version = :before',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':before': rollup.version - 1 },
        },
  );
  return put.stored ? { outcome: 'stored' } : { outcome: 'refused', there: optional(put.image, key) };
}

async function putWatermark(database: Database, watermark: Watermark): Promise<void> {
  await putIf(
    database,
    { ...parse<Watermark>(watermarkSchema, { ...watermark }, WATERMARK_KEY), ...WATERMARK_KEY },
    {
      ConditionExpression: 'attribute_not_exists(#partition) OR #written < :written',
      ExpressionAttributeNames: { ...PARTITION, '#written': 'writtenAtMs' },
      ExpressionAttributeValues: { ':written': watermark.writtenAtMs },
    },
  );
}

/** The read model of a region, on DynamoDB. */
export function createReadModel({
  tableName,
  clock = systemClock,
  random = systemRandomness,
  ...connection
}: ReadModelSettings): DynamoDbReadModel {
  const { region } = connection;
  const database: Database = { client: createClient(connection), tableName, region, clock, random };
  return {
    async get(key, consistency) {
      const place = rollupKey(key);
      return optional(await getItem(database, place, consistency === 'strong'), place);
    },
    async getMany(keys) {
      const places = keys.map(rollupKey);
      const items = await getItems(database, places, 'eventual');
      return places.map((place) => optional(items.get(keyText(place)), place));
    },
    put: (rollup) => putRollup(database, rollup),
    async watermark() {
      const item = await getItem(database, WATERMARK_KEY, false);
      return item && parse<Watermark>(watermarkSchema, item, WATERMARK_KEY);
    },
    setWatermark: (watermark) => putWatermark(database, watermark),
    close: () => database.client.destroy(),
  };
}
