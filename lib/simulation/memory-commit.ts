import { type ItemKey, itemKey, keyText } from '../adapters/dynamodb/keys.ts';
import { assertWrites } from '../adapters/dynamodb/write-rules.ts';
import type { Commit } from '../application/ports.ts';
import { applyEffect, type GuardedWrite, holds } from '../domain/guarded-write.ts';
import type { MemoryTable } from './memory-table.ts';

interface Placed {
  readonly write: GuardedWrite;
  readonly place: ItemKey;
  readonly before: object | undefined;
}

/** Runs a commit by the domain's own rules: all conditions first, then all effects. */
export function commitTo(table: MemoryTable, writes: readonly GuardedWrite[]): Commit {
  assertWrites(writes);
  const images = new Map<number, object | undefined>();
  const placed: Placed[] = [];
  for (const [index, write] of writes.entries()) {
    const place = itemKey(write.entity, write.key as never);
    const before = table.records.at(place);
    placed.push({ write, place, before });
    if (!holds(write.conditions, before)) images.set(index, before);
  }
  if (images.size > 0) return { outcome: 'refused', images };
  const changes = placed
    .filter(({ write }) => write.effect.does !== 'check')
    .map(({ write, place, before }) => ({
      entity: write.entity,
      key: write.key,
      place,
      id: keyText(place),
      before,
      after: applyEffect(write, before),
    }));
  const stored = table.apply(changes);
  const [only] = writes;
  const isUpdate = writes.length === 1 && only?.effect.does === 'update';
  return { outcome: 'committed', after: isUpdate ? stored[0]?.after : undefined };
}
