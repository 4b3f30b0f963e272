import type { Item } from './item-size.ts';
import type { MeteredTable } from './table-keys.ts';
import type { Update } from './update-expression.ts';
import { applyUpdate } from './update-expression.ts';

/** One write, alone or as an action of a transaction, as it is on the wire. */
export interface WriteInput extends Update {
  readonly TableName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConditionExpression?: string;
}

export interface WriteAction {
  readonly kind: 'Put' | 'Update' | 'Delete' | 'ConditionCheck';
  readonly input: WriteInput;
  readonly table: MeteredTable;
  /** The key of the item. */
  readonly key: Item;
}

/** `undefined` when the table is not one of the templates'. */
export function writeAction(
  kind: WriteAction['kind'],
  input: WriteInput,
  tables: ReadonlyMap<string, MeteredTable>,
): WriteAction | undefined {
  const table = tables.get(input.TableName ?? '');
  const source = input.Key ?? input.Item;
  if (table === undefined || source === undefined) return undefined;
  const key = Object.fromEntries(table.keys.flatMap((name) => (source[name] ? [[name, source[name]]] : [])));
  return { kind, input, table, key };
}

/** True when the write can only succeed where no item was, so that nothing need be read to know it. */
export function isCreation({ input, table }: WriteAction): boolean {
  const condition = input.ConditionExpression ?? '';
  if (/\b(?:OR|NOT)\b/i.test(condition)) return false;
  const match = /\battribute_not_exists\s*\(\s*([#\w]+)\s*\)/.exec(condition);
  const name = match?.[1] ?? '';
  return table.keys.includes(input.ExpressionAttributeNames?.[name] ?? name);
}

/**
 * The item as the write leaves it: `null` for none, `undefined` when that cannot be told from the request.
 *
 * @param before the item before, `null` for none, `undefined` for unknown.
 */
export function imageAfter(action: WriteAction, before: Item | null | undefined): Item | null | undefined {
  switch (action.kind) {
    case 'Put':
      return action.input.Item;
    case 'Delete':
      return null;
    case 'ConditionCheck':
      return before;
    case 'Update':
      return before === undefined ? undefined : applyUpdate(action.input, before ?? action.key);
  }
}
