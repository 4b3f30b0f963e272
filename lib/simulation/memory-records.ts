import { type ItemKey, itemKey } from '../adapters/dynamodb/keys.ts';
import type { EntityKeys, EntityName, EntityRecords } from '../domain/entities.ts';
import { frozenCopy } from './frozen-records.ts';
import { type Entry, Partition } from './partition.ts';

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
    const entry = this.#partitions.get(pk)?.get(sk);
    return entry && (this.#seen(entry, ageMs) as EntityRecords[Name] | undefined);
  }

  /** The record at a place, of whatever kind. */
  at({ pk, sk }: ItemKey): object | undefined {
    return this.#partitions.get(pk)?.get(sk)?.record;
  }

  /** Stores a copy under its place; `undefined` deletes. Returns what is stored now. */
  write(entity: EntityName, place: ItemKey, record: object | undefined): object | undefined {
    if (record === undefined) {
      this.#remove(place);
      return undefined;
    }
    const { pk, sk } = place;
    let partition = this.#partitions.get(pk);
    if (partition === undefined) {
      partition = new Partition();
      this.#partitions.set(pk, partition);
    }
    const stored = frozenCopy(record) as object;
    const before = partition.get(sk)?.record;
    partition.set(sk, { entity, record: stored, before, changedAtMs: this.#now() });
    return stored;
  }

  /** The records of one kind in a partition, in the order of their keys. */
  inPartition<Name extends EntityName>(pk: string, entity: Name, ageMs = 0): EntityRecords[Name][] {
    const partition = this.#partitions.get(pk);
    if (partition === undefined) return [];
    const found: object[] = [];
    for (const entry of partition.inOrder()) {
      if (entry.entity !== entity) continue;
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
    for (const partition of this.#partitions.values()) {
      for (const entry of partition.inOrder()) {
        const record = entry.record as EntityRecords[Name];
        if (entry.entity === entity && wanted(record)) found.push(record);
      }
    }
    return found;
  }

  #seen({ record, before, changedAtMs }: Entry, ageMs: number): object | undefined {
    return ageMs > 0 && changedAtMs > this.#now() - ageMs ? before : record;
  }

  #remove({ pk, sk }: ItemKey): void {
    const partition = this.#partitions.get(pk);
    partition?.delete(sk);
    if (partition?.size === 0) this.#partitions.delete(pk);
  }
}
