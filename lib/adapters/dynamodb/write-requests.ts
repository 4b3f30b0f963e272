/** Guarded writes as requests of DynamoDB. */
import {
  DeleteCommand,
  PutCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { EntityKeys, EntityName } from '../../domain/entities.ts';
import type { GuardedWrite } from '../../domain/guarded-write.ts';
import type { Database } from './database.ts';
import { compileGuard, compileUpdate } from './expressions.ts';
import { type Item, toItem } from './items.ts';
import { itemKey } from './keys.ts';
import { storable } from './storable.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Always the whole item: it says why the write was refused, at the moment it was. */
const IMAGE_ON_REFUSAL = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

function transactItem({ tableName, region }: Database, write: GuardedWrite): TransactItem {
  const { entity, conditions, effect } = write;
  const where = { TableName: tableName, ...IMAGE_ON_REFUSAL };
  const Key = itemKey<EntityName>(entity, write.key as EntityKeys[EntityName]);
  switch (effect.does) {
    case 'put': {
      const Item = storable(toItem<EntityName>(entity, effect.record, region)) as Item;
      return { Put: { ...where, Item, ...compileGuard(conditions) } };
    }
    case 'update':
      return { Update: { ...where, Key, ...compileUpdate(write, effect.changes) } };
    case 'delete':
      return { Delete: { ...where, Key, ...compileGuard(conditions) } };
    case 'check':
      // DynamoDB insists on a condition; a check without one is refused before it comes here.
      return { ConditionCheck: { ...where, Key, ConditionExpression: '', ...compileGuard(conditions) } };
  }
}

/**
 * Sends writes as one request: a single one as itself, which costs half of a transaction.
 *
 * @param token names the commit: a transaction that was sent before under it, within ten minutes, and took effect
 * is not done again, but answered as it was.
 */
export async function sendWrites(
  database: Database,
  writes: readonly GuardedWrite[],
  token: string,
): Promise<{ readonly after: Item | undefined }> {
  const items = writes.map((write) => transactItem(database, write));
  const [{ Put, Update, Delete } = {}] = items.length === 1 ? items : [];
  const { client } = database;
  if (Put !== undefined) await client.send(new PutCommand(Put));
  else if (Delete !== undefined) await client.send(new DeleteCommand(Delete));
  else if (Update !== undefined) {
    const { Attributes } = await client.send(new UpdateCommand({ ...Update, ReturnValues: 'ALL_NEW' }));
    return { after: Attributes };
  } else await client.send(new TransactWriteCommand({ TransactItems: items, ClientRequestToken: token }));
  return { after: undefined };
}
