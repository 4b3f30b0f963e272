/** Guarded writes for tests of the stores: plain data, made without the domain's operations. */
import { KEY_FIELDS } from '../../lib/adapters/dynamodb/keys.ts';
import type { Store } from '../../lib/application/ports.ts';
import type { EntityKeys, EntityName, EntityRecords } from '../../lib/domain/entities.ts';
import type { Condition, FieldChange, GuardedWrite } from '../../lib/domain/guarded-write.ts';

/** A record with its kind. */
export type Named = {
  [Name in EntityName]: readonly [entity: Name, record: EntityRecords[Name]];
}[EntityName];

/** The key within a record, or within anything that has the fields of one. */
export function keyIn<Name extends EntityName>(entity: Name, record: EntityKeys[Name]): EntityKeys[Name] {
  const fields = KEY_FIELDS[entity].map((field) => [field, record[field]]);
  return Object.fromEntries(fields) as EntityKeys[Name];
}

const write = (
  [entity, record]: readonly [EntityName, EntityKeys[EntityName]],
  conditions: readonly Condition[],
  effect: object,
): GuardedWrite => ({ entity, key: keyIn(entity, record), conditions, effect }) as GuardedWrite;

export const put = (named: Named, ...conditions: Condition[]): GuardedWrite =>
  write(named, conditions, { does: 'put', record: named[1] });

export const update = (
  named: readonly [EntityName, EntityKeys[EntityName]],
  changes: readonly FieldChange[],
  ...conditions: Condition[]
): GuardedWrite => write(named, conditions, { does: 'update', changes });

export const remove = (
  named: readonly [EntityName, EntityKeys[EntityName]],
  ...conditions: Condition[]
): GuardedWrite => write(named, conditions, { does: 'delete' });

export const check = (
  named: readonly [EntityName, EntityKeys[EntityName]],
  ...conditions: Condition[]
): GuardedWrite => write(named, conditions, { does: 'check' });

/** DynamoDB takes no more in one transaction. */
const WRITES_MAX = 100;

/** Stores records, whatever is there. */
export async function storeAll(store: Store, ...records: readonly Named[]): Promise<void> {
  for (let start = 0; start < records.length; start += WRITES_MAX) {
    const batch = records.slice(start, start + WRITES_MAX).map((named) => put(named));
    const { outcome } = await store.commit(batch);
    if (outcome !== 'committed') throw new Error(`The records were ${outcome}`);
  }
}

/** Reads a record back by its own key. */
export const readBack = ([entity, record]: readonly [EntityName, EntityKeys[EntityName]], store: Store) =>
  store.get(entity, keyIn(entity, record), 'strong');
