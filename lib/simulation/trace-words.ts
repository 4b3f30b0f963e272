/** Guarded writes in words, for those who read a trace. */
import type { Commit } from '../application/ports.ts';
import type { Condition, FieldChange, GuardedWrite } from '../domain/guarded-write.ts';

const valueText = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

function conditionText(condition: Condition): string {
  if (condition.is === 'absent' || condition.is === 'present') return condition.is;
  if (condition.is === 'missing') return `${condition.field} missing`;
  const value = condition.is === 'oneOf' ? condition.values.join('|') : condition.value;
  return `${condition.field} ${condition.is} ${value}`;
}

function changeText({ field, ...change }: FieldChange): string {
  if (change.change === 'add') return `${field} ${change.by < 0 ? '' : '+'}${change.by}`;
  return `${field} ${change.change === 'set' ? '=' : '<<'} ${valueText(change.value)}`;
}

/** One write: what it changes, how, and on what condition. */
function writeText({ entity, key, conditions, effect }: GuardedWrite): string {
  const where = `${entity} ${Object.values(key).join('/')}`;
  const what = effect.does === 'update' ? effect.changes.map(changeText).join(', ') : effect.does;
  const when = conditions.length === 0 ? '' : ` if ${conditions.map(conditionText).join(' and ')}`;
  return `[${where}: ${what}${when}]`;
}

/** A commit and what became of it. */
export function commitText(writes: readonly GuardedWrite[], commit: Commit | undefined): string {
  return `${commit?.outcome ?? 'unanswered'} ${writes.map(writeText).join(' ')}`;
}
