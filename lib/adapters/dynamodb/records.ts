/** Reading records by their keys. */
import { BatchGetCommand, type BatchGetCommandInput, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Consistency, type RecordRef, StoreUnavailableError } from '../../application/ports.ts';
import type { EntityKeys, EntityName, EntityRecords } from '../../domain/entities.ts';
import { backOff } from './back-off.ts';
import { type Database, read } from './database.ts';
import { fromOptionalItem, type Item } from './items.ts';
import { type ItemKey, itemKey, keyText } from './keys.ts';

/** DynamoDB takes no more keys in one batch. */
const BATCH_KEYS_MAX = 100;
/** Batches in flight: they answer in parallel, and a thousand claims do not crowd out the requests of others. */
const BATCHES_AT_ONCE = 8;
/** Each batch answers with some of its items at least; what a few did not bring is throttled. */
const BATCH_ATTEMPTS_MAX = 8;
const BATCH_TIME_MAX_MS = 2_000;

/** Reads one record. */
export async function getRecord<Name extends EntityName>(
  database: Database,
  { entity, key }: { readonly entity: Name; readonly key: EntityKeys[Name] },
  consistency: Consistency,
): Promise<EntityRecords[Name] | undefined> {
  const { Item } = await read(() =>
    database.client.send(
      new GetCommand({
        TableName: database.tableName,
        Key: itemKey(entity, key),
        ConsistentRead: consistency === 'strong',
      }),
    ),
  );
  return fromOptionalItem(entity, Item);
}

/** Reads one batch until nothing is left unprocessed. */
async function getBatch(
  database: Database,
  keys: readonly ItemKey[],
  consistency: Consistency,
): Promise<Item[]> {
  const { client, tableName } = database;
  const deadlineMs = database.clock.now() + BATCH_TIME_MAX_MS;
  const items: Item[] = [];
  let wanted: BatchGetCommandInput['RequestItems'] = {
    [tableName]: { Keys: [...keys], ConsistentRead: consistency === 'strong' },
  };
  for (let attempts = 1; ; attempts += 1) {
    const answer = await read(() => client.send(new BatchGetCommand({ RequestItems: wanted })));
    items.push(...(answer.Responses?.[tableName] ?? []));
    wanted = answer.UnprocessedKeys ?? {};
    if (Object.keys(wanted).length === 0) return items;
    if (!(await backOff(database, attempts, { attemptsMax: BATCH_ATTEMPTS_MAX, deadlineMs }))) {
      throw new StoreUnavailableError('DynamoDB left keys of a batch unread');
    }
  }
}

function batchesOf(keys: readonly ItemKey[]): ItemKey[][] {
  const batches: ItemKey[][] = [];
  for (let start = 0; start < keys.length; start += BATCH_KEYS_MAX) {
    batches.push(keys.slice(start, start + BATCH_KEYS_MAX));
  }
  return batches;
}

/** Items by the text of their key; each key may be named more than once, and come with other attributes. */
export async function getItems(
  database: Database,
  keys: readonly ItemKey[],
  consistency: Consistency,
): Promise<ReadonlyMap<string, Item>> {
  const distinct = [...new Map(keys.map(({ pk, sk }) => [keyText({ pk, sk }), { pk, sk }])).values()];
  const found: Item[] = [];
  const step = BATCH_KEYS_MAX * BATCHES_AT_ONCE;
  for (let start = 0; start < distinct.length; start += step) {
    const batches = batchesOf(distinct.slice(start, start + step));
    const items = await Promise.all(batches.map((batch) => getBatch(database, batch, consistency)));
    found.push(...items.flat());
  }
  return new Map(found.map((item) => [keyText(item as unknown as ItemKey), item]));
}

/** Reads records by key; the answer has an entry for each reference, in order. */
export async function getRecords(
  database: Database,
  refs: readonly RecordRef[],
  consistency: Consistency,
): Promise<(object | undefined)[]> {
  const keys = refs.map(({ entity, key }) => itemKey<EntityName>(entity, key as EntityKeys[EntityName]));
  const items = await getItems(database, keys, consistency);
  return refs.map(({ entity }, index) => {
    const key = keys[index];
    return fromOptionalItem(entity, key && items.get(keyText(key)));
  });
}
