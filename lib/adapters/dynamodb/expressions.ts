/** Compiles guarded writes to DynamoDB's condition and update expressions. `holds` and `applyEffect` of the
 * domain say what they mean; the contract suite holds both to it. */
import { TABLE_KEY } from '../../config/table.ts';
import { type Condition, type FieldChange, type GuardedWrite, holds } from '../../domain/guarded-write.ts';
import { indexUpdateOf, isIndexed } from './index-updates.ts';
import { storable } from './storable.ts';

/** Names and values that expressions refer to. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

export interface ConditionPart {
  readonly ConditionExpression?: string;
}

/** Collects the names and values of one request. Names are always aliased: many are reserved words. */
class Aliases {
  readonly #names: Record<string, string> = {};
  readonly #values: Record<string, unknown> = {};

  name(field: string): string {
    const alias = `#${field}`;
    this.#names[alias] = field;
    return alias;
  }

  value(value: unknown): string {
    const alias = `:v${Object.keys(this.#values).length}`;
    this.#values[alias] = storable(value);
    return alias;
  }

  /** DynamoDB refuses empty maps. */
  get placeholders(): Placeholders {
    const names = Object.keys(this.#names).length > 0;
    const values = Object.keys(this.#values).length > 0;
    return {
      ...(names && { ExpressionAttributeNames: this.#names }),
      ...(values && { ExpressionAttributeValues: this.#values }),
    };
  }
}

function compileCondition(condition: Condition, aliases: Aliases): string {
  const field = aliases.name('field' in condition ? condition.field : TABLE_KEY.partition);
  switch (condition.is) {
    case 'absent':
      return `attribute_not_exists(${field})`;
    case 'present':
      return `attribute_exists(${field})`;
    case 'missing':
      return `attribute_not_exists(${field})`;
    case 'equal':
      return `${field} = ${aliases.value(condition.value)}`;
    case 'notEqual':
      return `${field} <> ${aliases.value(condition.value)}`;
    case 'atLeast':
      return `${field} >= ${aliases.value(condition.value)}`;
    case 'notAbove':
      return `(attribute_not_exists(${field}) OR ${field} <= ${aliases.value(condition.value)})`;
    case 'greater':
      return `${field} > ${aliases.value(condition.value)}`;
    case 'sizeBelow':
      return `size(${field}) < ${aliases.value(condition.value)}`;
    case 'oneOf':
      return `${field} IN (${condition.values.map((value) => aliases.value(value)).join(', ')})`;
  }
}

function compileConditions(conditions: readonly Condition[], aliases: Aliases): ConditionPart {
  if (conditions.length === 0) return {};
  return {
    ConditionExpression: conditions.map((condition) => compileCondition(condition, aliases)).join(' AND '),
  };
}

/** The conditions of a write alone. */
export function compileGuard(conditions: readonly Condition[]): ConditionPart & Placeholders {
  const aliases = new Aliases();
  return { ...compileConditions(conditions, aliases), ...aliases.placeholders };
}

interface Clauses {
  readonly set: string[];
  readonly add: string[];
  readonly remove: string[];
}

function compileChange(change: FieldChange, aliases: Aliases, clauses: Clauses): void {
  const field = aliases.name(change.field);
  switch (change.change) {
    case 'add':
      clauses.add.push(`${field} ${aliases.value(change.by)}`);
      return;
    case 'set':
      if (change.value === undefined) throw new Error(`${change.field} set to nothing`);
      clauses.set.push(`${field} = ${aliases.value(change.value)}`);
      return;
    case 'append':
      clauses.set.push(`${field} = list_append(${field}, ${aliases.value([change.value])})`);
  }
}

/** Fields that an update writes besides what it changes, so that the record is whole if it was not there. */
function keyFieldsIfCreated(write: GuardedWrite): [string, unknown][] {
  const mayCreate = holds(write.conditions, undefined);
  if (mayCreate && isIndexed(write.entity)) {
    throw new Error(`An update may not create a ${write.entity}: it would be in no index`);
  }
  return mayCreate ? Object.entries(write.key) : [];
}

/** The conditions and changes of an update. */
export function compileUpdate(
  write: GuardedWrite,
  changes: readonly FieldChange[],
): ConditionPart & Placeholders & { readonly UpdateExpression: string } {
  const aliases = new Aliases();
  const clauses: Clauses = { set: [], add: [], remove: [] };
  const index = indexUpdateOf(write, changes);
  for (const change of changes) compileChange(change, aliases, clauses);
  for (const [name, value] of [...keyFieldsIfCreated(write), ...Object.entries(index.set)]) {
    clauses.set.push(`${aliases.name(name)} = ${aliases.value(value)}`);
  }
  clauses.remove.push(...index.remove.map((name) => aliases.name(name)));
  const clause = (keyword: string, parts: string[]) =>
    parts.length === 0 ? [] : [`${keyword} ${parts.join(', ')}`];
  return {
    UpdateExpression: [
      ...clause('SET', clauses.set),
      ...clause('ADD', clauses.add),
      ...clause('REMOVE', clauses.remove),
    ].join(' '),
    ...compileConditions(write.conditions, aliases),
    ...aliases.placeholders,
  };
}
