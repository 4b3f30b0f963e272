/** How items of the read model's table are parsed and put. */
import { PutCommand, type PutCommandInput } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import { shownFaults } from '../../application/shown-faults.ts';
import { TABLE_KEY } from '../../config/table.ts';
import type { Database } from './database.ts';
import { asThrown, judgeWriteFailure } from './failures.ts';
import type { Item } from './items.ts';
import { type ItemKey, keyText } from './keys.ts';

/** @throws an Error that names the key when the item is no such record: it was written by a bug. */
export function parse<Value>(schema: z.ZodType<Value>, item: Item, key: ItemKey): Value {
  const { [TABLE_KEY.partition]: _pk, [TABLE_KEY.sort]: _sk, ...fields } = item;
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new Error(
    `The item ${keyText(key)} of the read model is malformed: ${shownFaults(parsed.error.issues)}`,
  );
}

/** `image`: the item that refused the put. */
type PutItem = { readonly stored: true } | { readonly stored: false; readonly image: Item | undefined };

/** Puts an item on a condition. @returns the failure's image, or that it was stored. */
export async function putIf(
  { client, tableName }: Pick<Database, 'client' | 'tableName'>,
  item: Item,
  condition: Pick<
    PutCommandInput,
    'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
  >,
): Promise<PutItem> {
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

/** For a condition that there is no item. */
export const PARTITION = { '#partition': TABLE_KEY.partition };

/** Puts a version of an item where the one before it is, or where none is and it is the first. */
export const putVersion = (
  database: Pick<Database, 'client' | 'tableName'>,
  item: Item,
  version: number,
): Promise<PutItem> =>
  putIf(
    database,
    item,
    version === 1
      ? { ConditionExpression: 'attribute_not_exists(#partition)', ExpressionAttributeNames: PARTITION }
      : {
          ConditionExpression: '#version = :before',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':before': version - 1 },
        },
  );
