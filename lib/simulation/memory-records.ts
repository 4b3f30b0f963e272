import { type ItemKey, itemKey } from '../adapters/dynamodb/keys.ts';
import type { EntityKeys, EntityName, EntityRecords } from '../domain/entities.ts';
import { frozenCopy } from './frozen-records.ts';

/** A record in its place, and what it was before it last changed. */
interface Entry {
  readonly entity: EntityName;
  readonly record: object;
  readonly before: object | undefined;
  readonly changedAtMs: number;
}

/** The records of a partition, by sort key. */
interface Partition {
  readonly entries: Map<string, Entry>;
  /** The sort keys in order; unset while nobody has asked since one was added or removed. */
  order: readonly string[] | undefined;
}

/** The records of one region, kept as the table keeps them. All are frozen: whoever reads one may keep it. */
export class MemoryRecords {
  readonly #partitions = new Map<string, Partition>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param ageMs how old the answer may be: a record that changed later is shown as it was before that. */
  read<Name extends EntityName>(
    entity: Name,
    key: EntityKeys[Name],
    ageMs = 0,
  ): EntityRecords[Name] | undefined {
    const { pk, sk } = itemKey(entity, key);
    const entry = this.#partitions.get(pk)?.entries.get(sk);
    return entry && (this.#seen(entry, ageMs) as EntityRecords[Name] | undefined);
  }

  /** The record at a place, of whatever kind. */
  at({ pk, sk }: ItemKey): object | undefined {
    return this.#partitions.get(pk)?.entries.get(sk)?.record;
  }

  /** Stores a copy under its place; `undefined` deletes. Returns what is stored now. */
  write(entity: EntityName, place: ItemKey, record: object | undefined): object | undefined {
    if (record === undefined) {
      this.#remove(place);
      return undefined;
    }
    const { pk, sk } = place;
    const partition = this.#partitions.get(pk) ?? this.#newPartition(pk);
    const old = partition.entries.get(sk);
    if (old === undefined) partition.order = undefined;
    const stored = frozenCopy(record) as object;
    partition.entries.set(sk, { entity, record: stored, before: old?.record, changedAtMs: this.#now() });
    return stored;
  }

  /** The records of one kind in a partition, in the order of their keys. */
  inPartition<Name extends EntityName>(pk: string, entity: Name, ageMs = 0): EntityRecords[Name][] {
    const partition = this.#partitions.get(pk);
    if (partition === undefined) return [];
    partition.order ??= [...partition.entries.keys()].sort();
    const found: object[] = [];
    for (const sk of partition.order) {
      const entry = partition.entries.get(sk);
      if (entry?.entity !== entity) continue;
      const record = this.#seen(entry, ageMs);
      if (record !== undefined) found.push(record);
    }
    return found as EntityRecords[Name][];
  }

  /** All records of a kind for which something is true, in no order. */
  select<Name extends EntityName>(
    entity: Name,
    wanted: (record: EntityRecords[Name]) => boolean,
  ): EntityRecords[Name][] {
    const found: EntityRecords[Name][] = [];
    for (const { entries } of this.#partitions.values()) {
      for (const entry of entries.values()) {
        const record = entry.record as EntityRecords[Name];
        if (entry.entity === entity && wanted(record)) found.push(record);
      }
    }
    return found;
  }

  #seen({ record, before, changedAtMs }: Entry, ageMs: number): object | undefined {
    return ageMs > 0 && changedAtMs > this.#now() - ageMs ? before : record;
  }

  #newPartition(pk: string): Partition {
    const partition: Partition = { entries: new Map(), order: undefined };
    this.#partitions.set(pk, partition);
    return partition;
  }

  #remove({ pk, sk }: ItemKey): void {
    const partition = this.#partitions.get(pk);
    if (partition?.entries.delete(sk) !== true) return;
    partition.order = undefined;
    if (partition.entries.size === 0) this.#partitions.delete(pk);
  }
}
