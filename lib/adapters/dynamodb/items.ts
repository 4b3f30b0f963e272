/** Records to items and back. */
import { shownFaults } from '../../application/shown-faults.ts';
import { INDEXES, TABLE_KEY } from '../../config/table.ts';
import type { EntityKeys, EntityName, EntityRecords } from '../../domain/entities.ts';
import { INDEX_ONLY_ATTRIBUTES, indexAttributes } from './index-keys.ts';
import { type ItemKey, itemKey, loggedKey } from './keys.ts';
import { RECORD_SCHEMAS } from './record-schemas.ts';
import { fromStored, toStored, UnreadableItemError } from './stored-forms.ts';

/** An item as JavaScript has it: attributes by name. */
export type Item = Readonly<Record<string, unknown>>;

/** Attributes that are no fields of a record: its key, and its places in the indexes. */
const STORAGE_ATTRIBUTES: ReadonlySet<string> = new Set([
  ...Object.values(TABLE_KEY),
  ...Object.values(INDEXES).flatMap(({ partition, sort }) => [partition, sort]),
  ...INDEX_ONLY_ATTRIBUTES,
]);

function parse<Name extends EntityName>(entity: Name, fields: unknown, where: string): EntityRecords[Name] {
  const parsed = RECORD_SCHEMAS[entity].safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new Error(`The ${entity} ${where} is malformed: ${shownFaults(parsed.error.issues)}`);
}

/**
 * The item that stores a record: its fields under their own names, in the form that this release writes, its key, its
 * places in the indexes.
 *
 * @param region the region of the replica it is written through.
 */
export function toItem<Name extends EntityName>(
  entity: Name,
  record: EntityRecords[Name],
  region: string,
): Item {
  const key = itemKey(entity, record as EntityKeys[Name]);
  const fields = parse(entity, record, `to be written as ${loggedKey(key)}`);
  return {
    ...toStored(entity, fields as unknown as Item),
    ...key,
    ...indexAttributes(entity, record, region),
  };
}

function stored(entity: EntityName, fields: Item, where: string): Item {
  try {
    return fromStored(entity, fields);
  } catch (cause) {
    if (!(cause instanceof UnreadableItemError)) throw cause;
    throw new Error(`The ${entity} ${where} cannot be read: ${cause.message}`, { cause });
  }
}

/**
 * The record of an item, of this version or the one before.
 *
 * @throws an Error that names the key when the item is no such record: it was written by a bug, or by a release that
 * is too new or too old.
 */
export function fromItem<Name extends EntityName>(entity: Name, item: Item): EntityRecords[Name] {
  const fields = Object.entries(item).filter(([name]) => !STORAGE_ATTRIBUTES.has(name));
  const where = `stored as ${loggedKey(item as unknown as ItemKey)}`;
  return parse(entity, stored(entity, Object.fromEntries(fields), where), where);
}

/** Like `fromItem`, for an item that may be missing. */
export function fromOptionalItem<Name extends EntityName>(
  entity: Name,
  item: Item | undefined,
): EntityRecords[Name] | undefined {
  return item === undefined ? undefined : fromItem(entity, item);
}
