import type { TableDefinition } from '../template/tables.ts';
import type { Item } from './item-size.ts';

/** The keys of a table or index, and what an index holds besides. */
export interface MeteredIndex {
  readonly keys: readonly string[];
  /** `ALL`: the whole item. */
  readonly projected: readonly string[] | 'ALL';
}

/** What the meter must know of a table. */
export interface MeteredTable {
  readonly name: string;
  readonly keys: readonly string[];
  readonly indexes: readonly MeteredIndex[];
}

function attributeNames(
  keySchema: readonly { readonly AttributeName?: string | undefined }[] | undefined,
): string[] {
  return (keySchema ?? []).flatMap(({ AttributeName }) => AttributeName ?? []);
}

export function meteredTable({ create }: TableDefinition): MeteredTable {
  const keys = attributeNames(create.KeySchema);
  const indexes = [...(create.GlobalSecondaryIndexes ?? []), ...(create.LocalSecondaryIndexes ?? [])];
  return {
    name: create.TableName,
    keys,
    indexes: indexes.map(({ KeySchema, Projection }) => {
      const indexKeys = attributeNames(KeySchema);
      const included = [...new Set([...keys, ...indexKeys, ...(Projection?.NonKeyAttributes ?? [])])];
      return { keys: indexKeys, projected: Projection?.ProjectionType === 'ALL' ? 'ALL' : included };
    }),
  };
}

/** The entry of an item in an index; `undefined` when the item lacks one of the index's keys. */
export function indexEntry({ keys, projected }: MeteredIndex, item: Item | undefined): Item | undefined {
  if (item === undefined || keys.some((key) => item[key] === undefined)) return undefined;
  if (projected === 'ALL') return item;
  const attributes = projected.flatMap((name) => {
    const value = item[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(attributes);
}
