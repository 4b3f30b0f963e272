import { assertWrites } from '../adapters/dynamodb/write-rules.ts';
import type { Commit } from '../application/ports.ts';
import type { EntityKeys, EntityName, EntityRecords } from '../domain/entities.ts';
import { applyEffect, type GuardedWrite, holds } from '../domain/guarded-write.ts';
import type { MemoryRecords } from './memory-records.ts';

type AnyRecord = EntityRecords[EntityName];

const stored = (records: MemoryRecords, { entity, key }: GuardedWrite): AnyRecord | undefined =>
  records.read<EntityName>(entity, key as EntityKeys[EntityName]);

/** Runs a commit by the domain's own rules: all conditions first, then all effects. */
export function commitTo(records: MemoryRecords, writes: readonly GuardedWrite[]): Commit {
  assertWrites(writes);
  const images = new Map<number, object | undefined>();
  for (const [index, write] of writes.entries()) {
    const record = stored(records, write);
    if (!holds(write.conditions, record)) images.set(index, record);
  }
  if (images.size > 0) return { outcome: 'refused', images };
  for (const write of writes) {
    const next = applyEffect(write, stored(records, write)) as AnyRecord | undefined;
    records.write<EntityName>(write.entity, write.key as EntityKeys[EntityName], next);
  }
  const [only] = writes;
  const isUpdate = writes.length === 1 && only?.effect.does === 'update';
  return { outcome: 'committed', after: isUpdate ? stored(records, only) : undefined };
}
