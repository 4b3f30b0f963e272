import type { MemoryStore } from './memory-store.ts';
import type { Change } from './memory-table.ts';
import { linksBetween } from './network.ts';
import { type Link, ReplicationLink, type ReplicationRates, type Update } from './replication-link.ts';
import { areInConflict, isLater, type Version } from './replication-version.ts';
import type { SimulatedWorld } from './world.ts';

/** What is written after something else has a later time, if only by this. */
const LEAST_STEP_MS = 0.001;

const linkName = (from: string, to: string): string => `${from}>${to}`;

/**
 * Replication between the stores of several regions, as global tables do it: item by item, the last writer
 * wins, each item in the order of its changes and no two items in any order, some changes merged into one. It
 * counts conflicts, which a protocol with one writing region for each item never has.
 */
export class Replication {
  /** Times that a version met another one whose writer did not know it: one of the two was dropped. */
  conflicts = 0;
  /** The items it happened to. */
  readonly conflictingItems = new Set<string>();
  /** Items that were ever written in more than one region, in conflict or not. */
  readonly itemsOfTwoWriters = new Set<string>();
  readonly #world: SimulatedWorld;
  readonly #stores: ReadonlyMap<string, MemoryStore>;
  readonly #versions = new Map<string, Map<string, Version>>();
  readonly #skewsMs = new Map<string, number>();
  readonly #writers = new Map<string, string>();
  readonly #links = new Map<string, ReplicationLink>();
  readonly #outgoing = new Map<string, ReplicationLink[]>();
  #sequence = 0;

  constructor(world: SimulatedWorld, stores: readonly MemoryStore[], rates: ReplicationRates) {
    this.#world = world;
    this.#stores = new Map(stores.map((store) => [store.region, store]));
    const regions = [...this.#stores.keys()];
    for (const [from, to] of linksBetween(regions)) {
      const link = new ReplicationLink(world, { from, to, rates }, (update) => this.#deliver(update, to));
      this.#links.set(linkName(from, to), link);
      this.#outgoing.set(from, [...(this.#outgoing.get(from) ?? []), link]);
    }
    for (const store of stores) {
      this.#versions.set(store.region, new Map());
      store.onChange((changes) => {
        for (const change of changes) if (change.origin === 'local') this.#written(change, store.region);
      });
    }
    world.network.onChange(() => this.#wakeAll());
  }

  /** Stops replication in one direction; what is written waits. */
  pause(from: string, to: string): void {
    this.#link(from, to).isPaused = true;
  }

  resume(from: string, to: string): void {
    const link = this.#link(from, to);
    link.isPaused = false;
    link.wake();
  }

  /** How many times slower than usual a direction is. */
  slowDown(link: Link, factor: number): void {
    this.#link(link.from, link.to).slowness = factor;
  }

  /** Goes on everywhere, at the usual speed. */
  resumeAll(): void {
    for (const link of this.#links.values()) link.hurry();
  }

  /** How far ahead the clock is by which a region stamps its writes. */
  setSkew(region: string, skewMs: number): void {
    this.#skewsMs.set(region, skewMs);
  }

  /** Changes that have not arrived yet. */
  get backlog(): number {
    return [...this.#links.values()].reduce((sum, { backlog }) => sum + backlog, 0);
  }

  #link(from: string, to: string): ReplicationLink {
    const link = this.#links.get(linkName(from, to));
    if (link === undefined) throw new Error(`There is no replication from ${from} to ${to}`);
    return link;
  }

  #wakeAll(): void {
    for (const link of this.#links.values()) link.wake();
  }

  #versionsIn(region: string): Map<string, Version> {
    const versions = this.#versions.get(region);
    if (versions === undefined) throw new Error(`${region} is not replicated`);
    return versions;
  }

  #written({ entity, key, place, id, after }: Change, region: string): void {
    const versions = this.#versionsIn(region);
    const old = versions.get(id);
    this.#sequence += 1;
    // A write stands after what its own region knows, whatever its clock says.
    const clockMs = this.#world.time.now() + (this.#skewsMs.get(region) ?? 0);
    const version: Version = {
      atMs: old === undefined ? clockMs : Math.max(clockMs, old.atMs + LEAST_STEP_MS),
      region,
      sequence: this.#sequence,
      foreign: old?.region === region ? old.foreign : old,
    };
    versions.set(id, version);
    const writer = this.#writers.get(id);
    if (writer === undefined) this.#writers.set(id, region);
    else if (writer !== region) this.#itemOfTwoWriters(id, [writer, region]);
    const update = { entity, key, place, id, after, version };
    for (const link of this.#outgoing.get(region) ?? []) link.send(update);
  }

  #itemOfTwoWriters(id: string, regions: readonly string[]): void {
    if (this.itemsOfTwoWriters.has(id)) return;
    this.itemsOfTwoWriters.add(id);
    this.#world.trace.note(this.#world.time.now(), ['written in two regions', id, ...regions]);
  }

  #deliver({ entity, key, place, id, after, version }: Update, region: string): void {
    const { time, trace, counts } = this.#world;
    const versions = this.#versionsIn(region);
    const current = versions.get(id);
    if (current !== undefined && areInConflict(version, current)) {
      this.conflicts += 1;
      this.conflictingItems.add(id);
      trace.note(time.now(), ['conflict', id, region]);
    }
    if (current !== undefined && !isLater(version, current)) return;
    versions.set(id, version);
    counts.add('replicated');
    trace.note(time.now(), ['replicated', id, version.region, region]);
    this.#store(region).applyReplicated({ entity, key, place, id, after, region: version.region });
  }

  #store(region: string): MemoryStore {
    const store = this.#stores.get(region);
    if (store === undefined) throw new Error(`${region} has no store`);
    return store;
  }
}
