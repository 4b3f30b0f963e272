import { type ItemKey, itemKey, keyText } from '../adapters/dynamodb/keys.ts';
import type { EntityKeys, EntityName } from '../domain/entities.ts';
import { MemoryIndexes } from './memory-indexes.ts';
import { MemoryRecords } from './memory-records.ts';

/** One record that changed. */
export interface Change {
  readonly entity: EntityName;
  readonly key: EntityKeys[EntityName];
  readonly place: ItemKey;
  /** The place as one text. */
  readonly id: string;
  readonly before: object | undefined;
  readonly after: object | undefined;
  /** Written here, or brought by replication. */
  readonly origin: 'local' | 'replicated';
  /** When it happened here. */
  readonly atMs: number;
}

/** Hears of the changes of one commit together: between two of them the table is in no state anybody saw. */
export type ChangeListener = (changes: readonly Change[]) => void;

/** A record as replication brings it. */
export interface ReplicatedRecord
  extends Pick<Change, 'entity' | 'key' | 'after'>,
    Partial<Pick<Change, 'place' | 'id'>> {
  /** The region that wrote it. */
  readonly region: string;
}

/** What a commit does to one record. */
export type TableWrite = Pick<Change, 'entity' | 'key' | 'place' | 'id' | 'before' | 'after'>;

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
  readonly #now: () => number;
  readonly #listeners: ChangeListener[] = [];

  constructor(region: string, { now = () => 0, indexLagMs }: MemoryTiming = {}) {
    this.region = region;
    this.#now = now;
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
  applyReplicated({ entity, key, after, region, ...known }: ReplicatedRecord): void {
    const place = known.place ?? itemKey(entity, key as never);
    const id = known.id ?? keyText(place);
    const before = this.records.at(place);
    this.#tell([this.#write({ entity, key, place, id, before, after }, region)]);
  }

  #write({ entity, key, place, id, before, after }: TableWrite, region: string): Change {
    const stored = this.records.write(entity, place, after);
    this.indexes.learn({ entity, id, key: place, after: stored, region });
    const origin = region === this.region ? 'local' : 'replicated';
    return { entity, key, place, id, before, after: stored, origin, atMs: this.#now() };
  }

  #tell(changes: readonly Change[]): void {
    for (const listener of this.#listeners) listener(changes);
  }
}
