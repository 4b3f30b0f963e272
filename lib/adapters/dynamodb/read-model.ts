/** The read model on a table of its own, in each region one that nobody replicates. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock, PutRollup, Randomness, ReadModel, Watermark } from '../../application/ports.ts';
import type { Rollup, RollupKey } from '../../domain/rollup.ts';
import { systemClock } from '../system/clock.ts';
import { systemRandomness } from '../system/randomness.ts';
import { type Connection, createClient } from './client.ts';
import { type Database, read } from './database.ts';
import type { Item } from './items.ts';
import { type ItemKey, keyText } from './keys.ts';
import { skuPartition, watermarkPartition } from './partitions.ts';
import { PARTITION, parse, putIf, putVersion } from './read-table-items.ts';
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

async function putRollup(database: Database, rollup: Rollup): Promise<PutRollup> {
  const key = rollupKey(rollup);
  const fields = parse<Rollup>(rollupSchema, { ...rollup }, key);
  const put = await putVersion(database, { ...fields, ...key }, rollup.version);
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
