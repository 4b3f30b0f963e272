import { type ItemKey, itemKey, keyText } from '../adapters/dynamodb/keys.ts';
import type { EntityKeys, EntityName } from '../domain/entities.ts';
import { MemoryIndexes } from './memory-indexes.ts';
import { MemoryRecords } from './memory-records.ts';

/** One record that changed. */
export interface Change {
  readonly entity: EntityName;
  readonly key: EntityKeys[EntityName];
  /** The key as one text. */
  readonly id: string;
  readonly before: object | undefined;
  readonly after: object | undefined;
  /** Written here, or brought by replication. */
  readonly origin: 'local' | 'replicated';
}

/** Hears of the changes of one commit together: between two of them the table is in no state anybody saw. */
export type ChangeListener = (changes: readonly Change[]) => void;

/** A record as replication brings it. */
export interface ReplicatedRecord {
  readonly entity: EntityName;
  readonly key: EntityKeys[EntityName];
  /** `undefined`: deleted. */
  readonly after: object | undefined;
  /** The region that wrote it. */
  readonly region: string;
}

/** What a commit does to one record. */
export interface TableWrite {
  readonly entity: EntityName;
  readonly key: EntityKeys[EntityName];
  readonly place: ItemKey;
  readonly before: object | undefined;
  readonly after: object | undefined;
}

export interface MemoryTiming {
  /** @default time that stands still */
  readonly now?: () => number;
  /** Draws how long an index takes to learn of a write. @default it knows at once */
  readonly indexLagMs?: () => number;
}

/** The table of one region: its records, its indexes, and who wants to hear of changes. */
export class MemoryTable {
  readonly region: string;
  readonly records: MemoryRecords;
  readonly indexes: MemoryIndexes;
  readonly #listeners: ChangeListener[] = [];

  constructor(region: string, { now = () => 0, indexLagMs }: MemoryTiming = {}) {
    this.region = region;
    this.records = new MemoryRecords(now);
    this.indexes = new MemoryIndexes({ now, lagMs: indexLagMs });
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  /** Writes all records of a commit. */
  apply(writes: readonly TableWrite[]): readonly Change[] {
    const changes = writes.map((write) => this.#write(write, this.region));
    this.#tell(changes);
    return changes;
  }

  /** Writes a record that another region wrote. */
  applyReplicated({ entity, key, after, region }: ReplicatedRecord): void {
    const place = itemKey(entity, key as never);
    const before = this.records.at(place);
    this.#tell([this.#write({ entity, key, place, before, after }, region)]);
  }

  #write({ entity, key, place, before, after }: TableWrite, region: string): Change {
    const stored = this.records.write(entity, place, after);
    const id = keyText(place);
    this.indexes.learn({ entity, id, key: place, after: stored, region });
    const origin = region === this.region ? 'local' : 'replicated';
    return { entity, key, id, before, after: stored, origin };
  }

  #tell(changes: readonly Change[]): void {
    for (const listener of this.#listeners) listener(changes);
  }
}
