import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** `a.b[2]` is `['a', 'b', 2]`. */
export type ExpressionPath = readonly (string | number)[];

/** A value that may be changed in place; the caller owns a copy. */
export type MutableItem = Record<string, AttributeValue>;

function child(container: AttributeValue | undefined, step: string | number): AttributeValue | undefined {
  return typeof step === 'number' ? container?.L?.[step] : container?.M?.[step];
}

export function valueAt(item: Readonly<MutableItem>, path: ExpressionPath): AttributeValue | undefined {
  return path.reduce<AttributeValue | undefined>(child, { M: item as MutableItem });
}

function containerOf(item: MutableItem, path: ExpressionPath): AttributeValue {
  const container = valueAt(item, path.slice(0, -1));
  if (container === undefined) throw new Error('The path leads nowhere.');
  return container;
}

/** Writes into the item. An index behind the end of a list appends to it. */
export function setAt(item: MutableItem, path: ExpressionPath, value: AttributeValue): void {
  const { L, M } = containerOf(item, path);
  const step = path.at(-1);
  if (typeof step === 'number') L?.splice(step, 1, value);
  else if (M !== undefined && step !== undefined) M[step] = value;
}

export function removeAt(item: MutableItem, path: ExpressionPath): void {
  const { L, M } = containerOf(item, path);
  const step = path.at(-1);
  if (typeof step === 'number') L?.splice(step, 1);
  else if (M !== undefined && step !== undefined) delete M[step];
}
