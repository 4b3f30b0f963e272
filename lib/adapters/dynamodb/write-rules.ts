/** What every commit must respect, whichever store runs it. */
import { type GuardedWrite, holds } from '../../domain/guarded-write.ts';
import { itemKey, KEY_FIELDS, keyText } from './keys.ts';
import { changingFields } from './stored-forms.ts';

/** DynamoDB takes no more in one transaction. */
const TRANSACTION_WRITES_MAX = 100;

/** A put stores its record under the record's own key; an update creates a record from the fields of its key. */
function assertKey(write: GuardedWrite): void {
  const fields: readonly string[] = KEY_FIELDS[write.entity];
  const key: Readonly<Record<string, unknown>> = { ...write.key };
  if (write.effect.does === 'put') {
    const record: Readonly<Record<string, unknown>> = { ...write.effect.record };
    const other = fields.find((field) => record[field] !== key[field]);
    if (other !== undefined) throw new Error(`A ${write.entity} put under another ${other} than its own`);
  }
  if (write.effect.does === 'update') {
    const extra = Object.keys(key).find((field) => !fields.includes(field));
    if (extra !== undefined) throw new Error(`${extra} is no part of the key of a ${write.entity}`);
    const changed = write.effect.changes.find(({ field }) => fields.includes(field));
    if (changed !== undefined) throw new Error(`${changed.field} is the key of a ${write.entity}`);
  }
}

function assertEffect(write: GuardedWrite): void {
  if (write.effect.does === 'check' && write.conditions.length === 0) {
    throw new Error('A check without a condition checks nothing');
  }
  if (write.effect.does !== 'update') return;
  const fields = write.effect.changes.map(({ field }) => field);
  if (new Set(fields).size !== fields.length) throw new Error('An update changes a field twice');
}

/**
 * Where two versions of an item may be stored, a write touches what both have in common, or writes the item whole: it
 * cannot know which one it meets.
 */
function assertBothVersions({ entity, conditions, effect }: GuardedWrite): void {
  const changing = changingFields(entity);
  const changes = effect.does === 'update' ? effect.changes : [];
  const named = [...conditions, ...changes].flatMap((part) => ('field' in part ? part.field : []));
  const field = named.find((name) => changing.includes(name));
  if (field !== undefined) throw new Error(`${field} of a ${entity} is stored in two versions: put it whole`);
  if (changing.length > 0 && effect.does === 'update' && holds(conditions, undefined)) {
    throw new Error(`An update may not create a ${entity}: it would have no schema version`);
  }
}

/** @throws an Error for a commit that no store may accept: a bug of the caller. */
export function assertWrites(writes: readonly GuardedWrite[]): void {
  if (writes.length === 0) throw new Error('A commit without writes');
  if (writes.length > TRANSACTION_WRITES_MAX) {
    throw new Error(`A transaction takes ${TRANSACTION_WRITES_MAX} writes, not ${writes.length}`);
  }
  for (const write of writes) {
    assertKey(write);
    assertEffect(write);
    assertBothVersions(write);
  }
  const keys = new Set(writes.map((write) => keyText(itemKey(write.entity, write.key as never))));
  if (keys.size !== writes.length) throw new Error('A commit writes a record twice');
}
