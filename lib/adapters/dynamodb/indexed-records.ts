import type { EntityName, EntityRecords } from '../../domain/entities.ts';
import type { Database } from './database.ts';
import { fromItem, type Item } from './items.ts';
import { type ItemKey, keyText } from './keys.ts';
import { getItems } from './records.ts';

/** Kinds of records that indexes lead to. */
export type IndexedEntity = Extract<
  EntityName,
  'product' | 'reservation' | 'shipment' | 'movement' | 'acceptance' | 'grant' | 'unsent' | 'delivery'
>;

/**
 * The records that entries of an index lead to, in their order, read strongly: an index is late, so its entry
 * may name a record that has changed since or is gone. Those that are gone are left out.
 */
export async function readIndexed<Name extends IndexedEntity>(
  database: Database,
  entity: Name,
  entries: readonly Item[],
): Promise<EntityRecords[Name][]> {
  const keys = entries.map((entry) => entry as unknown as ItemKey);
  const items = await getItems(database, keys, 'strong');
  return keys.flatMap((key) => {
    const item = items.get(keyText(key));
    return item === undefined ? [] : [fromItem(entity, item)];
  });
}
