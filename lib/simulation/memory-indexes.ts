import type { ItemKey } from '../adapters/dynamodb/keys.ts';
import type { EntityName, EntityRecords } from '../domain/entities.ts';
import { EventHeap, type Timed } from './event-heap.ts';
import { isListed, type Place, placesOf } from './index-places.ts';

/** A record as an index shows it. */
export interface Listed {
  readonly entity: EntityName;
  readonly key: ItemKey;
  /** The record as the index knows it: perhaps not as it is. */
  readonly image: object;
}

interface MutableListed extends Listed {
  image: object;
  places: readonly Place[];
}

interface ListEntry {
  readonly position: string;
  readonly id: string;
  readonly listed: Listed;
}

/** What a list has to learn of one write. */
export interface IndexedChange {
  readonly entity: EntityName;
  readonly id: string;
  readonly key: ItemKey;
  readonly after: object | undefined;
  /** The region that wrote it. */
  readonly region: string;
}

interface Pending extends Timed {
  readonly change: IndexedChange;
}

const isBefore = (a: Pick<ListEntry, 'position' | 'id'>, b: Pick<ListEntry, 'position' | 'id'>): boolean =>
  a.position < b.position || (a.position === b.position && a.id < b.id);

/** Where an entry is in a sorted list, or belongs. */
function indexIn(list: readonly ListEntry[], entry: Pick<ListEntry, 'position' | 'id'>): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(list[middle] as ListEntry, entry)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface IndexTiming {
  readonly now: () => number;
  /** Draws how long an index takes to learn of a write; without it, it knows at once. */
  readonly lagMs?: (() => number) | undefined;
}

/** The sorted lists of a region's records. As the indexes of a table, they may learn of a write a moment later. */
export class MemoryIndexes {
  readonly #lists = new Map<string, ListEntry[]>();
  readonly #listed = new Map<string, MutableListed>();
  readonly #pending = new EventHeap<Pending>();
  /** When a record's last pending change shows: a later change of it never shows earlier. */
  readonly #showsAtMs = new Map<string, number>();
  readonly #timing: IndexTiming;
  #sequence = 0;

  constructor(timing: IndexTiming) {
    this.#timing = timing;
  }

  learn(change: IndexedChange): void {
    if (!isListed(change.entity)) return;
    const { now, lagMs } = this.#timing;
    if (lagMs === undefined) {
      this.#apply(change);
      return;
    }
    const atMs = Math.max(now() + lagMs(), this.#showsAtMs.get(change.id) ?? 0);
    this.#showsAtMs.set(change.id, atMs);
    this.#sequence += 1;
    this.#pending.push({ atMs, sequence: this.#sequence, change });
  }

  /** A list in its order, as the index shows it now. Read it at once: it changes. */
  list(bucket: string): readonly ListEntry[] {
    this.#settle();
    return this.#lists.get(bucket) ?? [];
  }

  #settle(): void {
    const nowMs = this.#timing.now();
    for (let next = this.#pending.peek(); next !== undefined; next = this.#pending.peek()) {
      if (next.atMs > nowMs) return;
      this.#pending.pop();
      const { id } = next.change;
      if (this.#showsAtMs.get(id) === next.atMs) this.#showsAtMs.delete(id);
      this.#apply(next.change);
    }
  }

  #apply({ entity, id, key, after, region }: IndexedChange): void {
    const old = this.#listed.get(id);
    const places =
      after === undefined ? [] : placesOf<EntityName>(entity, after as EntityRecords[EntityName], region);
    const has = (all: readonly Place[], { bucket, position }: Place) =>
      all.some((one) => one.bucket === bucket && one.position === position);
    for (const place of old?.places ?? []) if (!has(places, place)) this.#remove(id, place);
    if (after === undefined) {
      this.#listed.delete(id);
      return;
    }
    const listed = old ?? { entity, key, image: after, places };
    listed.image = after;
    for (const place of places) {
      if (old === undefined || !has(old.places, place)) this.#add(id, place, listed);
    }
    listed.places = places;
    if (old === undefined) this.#listed.set(id, listed);
  }

  #add(id: string, { bucket, position }: Place, listed: Listed): void {
    const entry = { position, id, listed };
    const list = this.#lists.get(bucket);
    if (list === undefined) this.#lists.set(bucket, [entry]);
    else list.splice(indexIn(list, entry), 0, entry);
  }

  #remove(id: string, { bucket, position }: Place): void {
    const list = this.#lists.get(bucket);
    if (list === undefined) return;
    list.splice(indexIn(list, { position, id }), 1);
    if (list.length === 0) this.#lists.delete(bucket);
  }
}
