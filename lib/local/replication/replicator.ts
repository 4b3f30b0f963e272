import type { StreamRecord } from '../streams/stream-record.ts';
import type { Change } from './change.ts';
import { Direction } from './direction.ts';
import { imageText } from './image-text.ts';
import { Replica } from './replica.ts';
import type { Version } from './version.ts';

/** A version takes some 300 bytes: up to this many in all regions together nothing needs to be forgotten. */
const MAX_VERSIONS = 100_000;
/** Between two looks through all versions, and beyond whatever is still on its way. */
const FORGET_AFTER_MS = 30_000;

/** A region's database as the replicator sees it. */
export interface ReplicaPlace {
  readonly region: string;
  readonly endpoint: string;
  /** Tables that have a replica here. */
  readonly tables: ReadonlySet<string>;
}

/** What survives a restart. */
export interface ReplicationState {
  readonly conflicts: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, readonly [string, Version][]>>;
  /** By `from>to`. */
  readonly backlogs: Readonly<Record<string, readonly Change[]>>;
}

export interface ReplicatorOptions {
  readonly places: readonly ReplicaPlace[];
  /** @default nothing was ever written */
  readonly state?: ReplicationState | undefined;
  readonly onProblem: (line: string) => void;
}

interface Side {
  readonly place: ReplicaPlace;
  readonly replica: Replica;
  readonly outgoing: Direction[];
  connected: boolean;
  /** By the machine's clock: everything written before has been observed. */
  caughtUpAtMs: number;
}

/**
 * Carries writes between the regions' databases as DynamoDB global tables do with eventual consistency: item by
 * item, last writer wins, and each region ships only what was written in it.
 */
export class Replicator {
  readonly #sides: ReadonlyMap<string, Side>;
  #lookedThroughAtMs = Date.now();

  constructor({ places, state, onProblem }: ReplicatorOptions) {
    const sides = places.map((place): Side => {
      const { region } = place;
      const versions = state?.versions[region] ?? [];
      const conflicts = state?.conflicts[region] ?? 0;
      const replica = new Replica(region, { versions, conflicts, onConflict: onProblem });
      return { place, replica, outgoing: [], connected: false, caughtUpAtMs: 0 };
    });
    for (const from of sides) {
      for (const to of sides.filter((side) => side !== from)) {
        const backlog = state?.backlogs[`${from.place.region}>${to.place.region}`] ?? [];
        const { endpoint } = to.place;
        const options = { from: from.place.region, target: to.replica, endpoint, backlog, onProblem };
        from.outgoing.push(new Direction(options));
      }
    }
    this.#sides = new Map(sides.map((side) => [side.place.region, side]));
  }

  get directions(): readonly Direction[] {
    return [...this.#sides.values()].flatMap(({ outgoing }) => outgoing);
  }

  /** Writes that met another region's write of the same item: each is one that last writer wins has dropped. */
  get conflicts(): number {
    return [...this.#sides.values()].reduce((sum, { replica }) => sum + replica.conflicts, 0);
  }

  get state(): ReplicationState {
    const sides = [...this.#sides];
    return {
      conflicts: Object.fromEntries(sides.map(([region, { replica }]) => [region, replica.conflicts])),
      versions: Object.fromEntries(sides.map(([region, { replica }]) => [region, [...replica.versions]])),
      backlogs: Object.fromEntries(
        this.directions.map(({ from, to, backlog }) => [`${from}>${to}`, backlog.changes]),
      ),
    };
  }

  /** Takes what the stream of a region shows: local writes to ship, and this replicator's own writes. */
  observe(region: string, records: readonly StreamRecord[]): void {
    const side = this.#sides.get(region);
    if (side === undefined) return;
    for (const record of records) {
      if (side.place.tables.has(record.tableName)) this.#observeOne(side, record);
    }
  }

  /** Everything that was written in the region before this time (of `performance.now`) has been observed. */
  caughtUp(region: string, sinceMs: number): void {
    const side = this.#sides.get(region);
    if (side === undefined) return;
    for (const change of side.replica.expected.takeUnseen(sinceMs)) side.replica.arrive(change);
    side.caughtUpAtMs = Date.now() - (performance.now() - sinceMs);
    this.#forgetOld();
  }

  /** Connects a region with all others that are connected. */
  connect(region: string): void {
    const side = this.#sides.get(region);
    if (side === undefined) return;
    side.connected = true;
    for (const direction of this.directions) {
      if (this.#sides.get(direction.from)?.connected && this.#sides.get(direction.to)?.connected) {
        direction.connect();
      }
    }
  }

  /** Cuts a region off; resolves when nothing is in flight from or to it. */
  async disconnect(region: string): Promise<void> {
    const side = this.#sides.get(region);
    if (side === undefined) return;
    side.connected = false;
    const touched = this.directions.filter(({ from, to }) => from === region || to === region);
    await Promise.all(touched.map((direction) => direction.disconnect()));
  }

  #observeOne({ place, replica, outgoing }: Side, { tableName, readAtMs, wire }: StreamRecord): void {
    const { Keys: keys, NewImage: image, OldImage: replaced } = wire.dynamodb;
    const itemId = `${tableName}\n${imageText(keys)}`;
    const own = replica.expected.match(itemId, image);
    if (own.length === 0) {
      const version = replica.writeLocally(itemId, { nowMs: readAtMs, deleted: image === undefined });
      this.#ship(outgoing, { itemId, tableName, keys, image, version, restores: false, readAtMs });
      return;
    }
    for (const change of own) {
      const version = replica.arrive(change);
      if (version === undefined || change !== own.at(-1)) continue;
      const restoration = { ...change, image: replaced, version, restores: true, readAtMs };
      const incoming = this.directions.filter(({ to }) => to === place.region);
      (incoming.find(({ isOpen }) => isOpen) ?? incoming[0])?.add(restoration);
    }
  }

  #ship(directions: readonly Direction[], change: Change): void {
    for (const direction of directions) {
      if (this.#sides.get(direction.to)?.place.tables.has(change.tableName)) direction.add(change);
    }
  }

  #forgetOld(): void {
    const nowMs = Date.now();
    if (nowMs - this.#lookedThroughAtMs < FORGET_AFTER_MS) return;
    this.#lookedThroughAtMs = nowMs;
    const sides = [...this.#sides.values()];
    if (sides.reduce((sum, { replica }) => sum + replica.versions.size, 0) <= MAX_VERSIONS) return;
    const onTheirWay = this.directions.map(({ backlog }) => backlog.oldestMs ?? nowMs);
    const settledMs = Math.min(...onTheirWay, ...sides.map(({ caughtUpAtMs }) => caughtUpAtMs));
    for (const { replica } of sides) replica.forget(settledMs - FORGET_AFTER_MS);
  }
}
