import type { Change } from './change.ts';
import { ExpectedWrites } from './expected-writes.ts';
import { includes, nextVersion, timeOf, type Version, winsOver, withSeen } from './version.ts';

export interface ReplicaOptions {
  /** Of an earlier run. @default none */
  readonly versions?: Iterable<readonly [string, Version]>;
  /** Of earlier runs. @default 0 */
  readonly conflicts?: number;
  /** Receives a line for each conflict. */
  readonly onConflict: (line: string) => void;
}

/** What the replicator knows of one region's items. */
export class Replica {
  readonly region: string;
  readonly expected = new ExpectedWrites();
  readonly #versions: Map<string, Version>;
  readonly #onConflict: (line: string) => void;
  #conflicts: number;

  constructor(region: string, { versions, conflicts = 0, onConflict }: ReplicaOptions) {
    this.region = region;
    this.#versions = new Map(versions);
    this.#conflicts = conflicts;
    this.#onConflict = onConflict;
  }

  /** Changes that met a version here which their region had not seen: one of the two writes is lost. */
  get conflicts(): number {
    return this.#conflicts;
  }

  get versions(): ReadonlyMap<string, Version> {
    return this.#versions;
  }

  /** Notes a write that was made here. */
  writeLocally(itemId: string, write: { readonly nowMs: number; readonly deleted: boolean }): Version {
    const version = nextVersion(this.#versions.get(itemId), this.region, write);
    this.#versions.set(itemId, version);
    return version;
  }

  /** Decides whether a change shall be written here at all. */
  accepts(change: Change): boolean {
    const current = this.#versions.get(change.itemId);
    if (current === undefined || change.restores || includes(change.version, current)) return true;
    if (includes(current, change.version)) return false;
    if (winsOver(change.version, current)) return true;
    this.#noteConflict(change.itemId, current, change.version);
    this.#versions.set(change.itemId, withSeen(current, change.version));
    return false;
  }

  /**
   * Notes that a change has been written here. Its place among the local writes shows only now, by the stream.
   *
   * @returns the version that the write should not have replaced; `undefined` when it was right.
   */
  arrive({ itemId, version }: Change): Version | undefined {
    const current = this.#versions.get(itemId);
    if (current === undefined || includes(version, current)) {
      this.#versions.set(itemId, version);
      return undefined;
    }
    if (includes(current, version)) {
      const isSame = current.writer === version.writer && timeOf(current) === timeOf(version);
      return isSame ? undefined : current;
    }
    this.#noteConflict(itemId, current, version);
    const [winner, loser] = winsOver(version, current) ? [version, current] : [current, version];
    const merged = withSeen(winner, loser);
    this.#versions.set(itemId, merged);
    return winner === version ? undefined : merged;
  }

  /** Forgets versions that every region has had for so long that no change can meet them any more. */
  forget(beforeMs: number): void {
    for (const [itemId, version] of this.#versions) {
      if (timeOf(version) < beforeMs) this.#versions.delete(itemId);
    }
  }

  #noteConflict(itemId: string, current: Version, incoming: Version): void {
    // Two deletions lose nothing: times to live end in every region by themselves.
    if (current.deleted && incoming.deleted) return;
    this.#conflicts += 1;
    const [, keys = ''] = itemId.split('\n');
    this.#onConflict(
      `Replication conflict in ${this.region}: ${current.writer} and ${incoming.writer} both wrote ${keys}.`,
    );
  }
}
