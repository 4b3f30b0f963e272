/**
 * A guarded write: one change of one record, as pure data. Its conditions and its effect are written once,
 * in the domain; `holds` and `applyEffect` below run them (the simulated store does, and so does the code
 * that asks why a write was refused), and the DynamoDB adapter compiles them to condition and update
 * expressions. A contract suite holds both to the same behaviour.
 */
import type { EntityKeys, EntityName, EntityRecords } from './entities.ts';

export type FieldValue = string | number | boolean;

/** What must be true of the stored record. Fields are top-level fields of the record. */
export type Condition =
  | { readonly is: 'absent' }
  | { readonly is: 'present' }
  | { readonly is: 'missing'; readonly field: string }
  | { readonly is: 'equal'; readonly field: string; readonly value: FieldValue }
  | { readonly is: 'notEqual'; readonly field: string; readonly value: FieldValue }
  | { readonly is: 'atLeast'; readonly field: string; readonly value: number }
  | { readonly is: 'notAbove'; readonly field: string; readonly value: number }
  | { readonly is: 'greater'; readonly field: string; readonly value: number }
  | { readonly is: 'sizeBelow'; readonly field: string; readonly value: number }
  | { readonly is: 'oneOf'; readonly field: string; readonly values: readonly FieldValue[] };

/** A change of one field in place. `add` creates a missing number, `append` needs the list to be there. */
export type FieldChange =
  | { readonly change: 'add'; readonly field: string; readonly by: number }
  | { readonly change: 'set'; readonly field: string; readonly value: unknown }
  | { readonly change: 'append'; readonly field: string; readonly value: unknown };

export type Effect<Name extends EntityName> =
  | { readonly does: 'put'; readonly record: EntityRecords[Name] }
  | { readonly does: 'update'; readonly changes: readonly FieldChange[] }
  | { readonly does: 'delete' }
  | { readonly does: 'check' };

export interface GuardedWriteOf<Name extends EntityName> {
  readonly entity: Name;
  readonly key: EntityKeys[Name];
  readonly conditions: readonly Condition[];
  readonly effect: Effect<Name>;
}

/** A write of any entity. */
export type GuardedWrite = { [Name in EntityName]: GuardedWriteOf<Name> }[EntityName];

export const ABSENT: Condition = { is: 'absent' };
export const PRESENT: Condition = { is: 'present' };

type Fields = Readonly<Record<string, unknown>>;

/** Whether one condition holds for a record; `undefined` is a record that is not there. */
function holdsOne(condition: Condition, record: Fields | undefined): boolean {
  if (condition.is === 'absent') return record === undefined;
  if (condition.is === 'present') return record !== undefined;
  const value = record?.[condition.field];
  switch (condition.is) {
    case 'missing':
      return value === undefined;
    case 'equal':
      return value === condition.value;
    case 'notEqual':
      // As DynamoDB has it: a missing field is unequal to everything.
      return value !== condition.value;
    case 'atLeast':
      return typeof value === 'number' && value >= condition.value;
    case 'notAbove':
      // A counter that was never written counts as zero or less.
      return value === undefined || (typeof value === 'number' && value <= condition.value);
    case 'greater':
      return typeof value === 'number' && value > condition.value;
    case 'sizeBelow':
      return Array.isArray(value) && value.length < condition.value;
    case 'oneOf':
      return condition.values.some((candidate) => candidate === value);
  }
}

/** Whether a write may happen to the record that is stored now. */
export function holds(conditions: readonly Condition[], record: object | undefined): boolean {
  return conditions.every((condition) => holdsOne(condition, record as Fields | undefined));
}

function applyChange(record: Record<string, unknown>, change: FieldChange): void {
  const old = record[change.field];
  switch (change.change) {
    case 'add':
      record[change.field] = (typeof old === 'number' ? old : 0) + change.by;
      return;
    case 'set':
      record[change.field] = change.value;
      return;
    case 'append':
      record[change.field] = [...(old as readonly unknown[]), change.value];
  }
}

/**
 * The record after a write whose conditions hold. An update of a record that is not there starts from the
 * fields of its key, as DynamoDB does.
 *
 * @returns `undefined` when the record is gone afterwards.
 */
export function applyEffect(write: GuardedWrite, record: object | undefined): object | undefined {
  switch (write.effect.does) {
    case 'put':
      return write.effect.record;
    case 'delete':
      return undefined;
    case 'check':
      return record;
    case 'update': {
      const next: Record<string, unknown> = { ...write.key, ...record };
      for (const change of write.effect.changes) applyChange(next, change);
      return next;
    }
  }
}
