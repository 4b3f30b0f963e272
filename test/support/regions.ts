/**
 * Three regions on simulated stores, for tests of use cases: nothing fails and nothing is late unless the test
 * says so. Replication and streams move when the test lets them.
 */

import { sha256Digest } from '../../lib/adapters/system/digest.ts';
import { assembleDependencies } from '../../lib/application/assemble.ts';
import { completeChange } from '../../lib/application/complete-change.ts';
import { createDemandFollower } from '../../lib/application/follow-demand.ts';
import { followStock } from '../../lib/application/follow-stock.ts';
import { type RecordChange, type Store, StoreUnavailableError } from '../../lib/application/ports.ts';
import { type RebalanceDependencies, recentDemand } from '../../lib/application/rebalance-sku.ts';
import { sweepOnce } from '../../lib/application/sweep.ts';
import { type Sourcing, sourceByPriority } from '../../lib/domain/sourcing.ts';
import { MemoryReadModel } from '../../lib/simulation/memory-read-model.ts';
import { MemoryStore } from '../../lib/simulation/memory-store.ts';
import type { Change } from '../../lib/simulation/memory-table.ts';
import { openWaysOut, type WaysOut } from '../../lib/simulation/open-outlets.ts';
import { ManualClock, seededRandomness } from './world.ts';

export const US = 'us-east-1';
export const EU = 'eu-west-1';
export const AP = 'ap-northeast-1';
const REGIONS = [US, EU, AP];

/** Takes everything. */
const OUTLET = { send: async () => new Set<string>() };
const OUTLETS = { events: OUTLET, orders: OUTLET, log: OUTLET };

/** Rounds until everything is quiet; more means that something never ends. */
const ROUNDS_MAX = 200;

type RegionDependencies = RebalanceDependencies & WaysOut & { readonly sourcing: Sourcing };

interface Region {
  readonly deps: RegionDependencies;
  readonly store: MemoryStore;
  /** Own changes that the others have not heard of. */
  readonly outgoing: Change[];
  /** Changes that its stream has not shown. */
  readonly stream: Change[];
  readonly follow: (changes: readonly RecordChange[]) => Promise<void>;
}

const toRecordChange = ({ entity, before, after }: Change): RecordChange =>
  ({
    entity,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }) as RecordChange;

export class Regions {
  readonly clock = new ManualClock();
  readonly #regions = new Map<string, Region>();
  readonly #cutOff = new Set<string>();

  constructor() {
    const stores = new Map(REGIONS.map((region) => [region, new MemoryStore(region)]));
    const random = seededRandomness(1);
    for (const [region, store] of stores) {
      const replicas = { in: (other: string) => this.#reach(region, stores.get(other), other) };
      const { clock } = this;
      const readModel = new MemoryReadModel();
      const deps: RegionDependencies = {
        ...assembleDependencies({
          replicas,
          readModel,
          clock,
          random,
          digest: sha256Digest,
          region,
          regions: REGIONS,
        }),
        sourcing: sourceByPriority,
        forecast: recentDemand,
        ...openWaysOut(),
      };
      const entry: Region = { deps, store, outgoing: [], stream: [], follow: createDemandFollower(deps) };
      store.onChange((changes) => {
        entry.stream.push(...changes);
        entry.outgoing.push(...changes.filter(({ origin }) => origin === 'local'));
      });
      this.#regions.set(region, entry);
    }
  }

  #reach(from: string, store: MemoryStore | undefined, to: string): Store {
    if (store === undefined) throw new Error(`There is no region ${to}`);
    if (from === to) return store;
    return new Proxy<Store>(store, {
      get: (target, name: keyof Store) => {
        const method: unknown = target[name];
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]) => {
          if (this.#cutOff.has(to) || this.#cutOff.has(from)) {
            throw new StoreUnavailableError(`${to} cannot be reached from ${from}`, { effect: 'none' });
          }
          return method.apply(target, given);
        };
      },
    });
  }

  #of(region: string): Region {
    const found = this.#regions.get(region);
    if (found === undefined) throw new Error(`There is no region ${region}`);
    return found;
  }

  /** What use cases in a region are given. */
  in(region: string): RegionDependencies {
    return this.#of(region).deps;
  }

  /** The replica of a region, from outside. */
  store(region: string): MemoryStore {
    return this.#of(region).store;
  }

  /** From now on the region reaches no other, and no other reaches it. */
  cutOff(region: string): void {
    this.#cutOff.add(region);
  }

  rejoin(region: string): void {
    this.#cutOff.delete(region);
  }

  /** Lets the others hear of what a region has written, unless it is cut off. */
  replicateFrom(region: string): void {
    if (this.#cutOff.has(region)) return;
    const changes = this.#of(region).outgoing.splice(0);
    for (const { entity, key, after } of changes) {
      for (const [name, { store }] of this.#regions) {
        if (name !== region) store.applyReplicated({ entity, key, after, region });
      }
    }
  }

  /** Lets a region's stream show what has changed. */
  async consumeIn(region: string): Promise<void> {
    const { stream, deps, follow } = this.#of(region);
    const changes = stream.splice(0).map(toRecordChange);
    for (const change of changes) await completeChange(deps, change);
    const failed = await followStock({ ...deps, outlets: OUTLETS }, changes);
    if (failed.size > 0)
      throw new Error('Nothing stands in the way of the rollups, and they were not followed');
    await follow(changes);
  }

  async sweep(): Promise<void> {
    for (const { deps } of this.#regions.values()) await sweepOnce(deps);
  }

  /** Replication and streams, again and again, until nothing moves any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      for (const region of this.#regions.keys()) this.replicateFrom(region);
      for (const region of this.#regions.keys()) await this.consumeIn(region);
      const isQuiet = [...this.#regions.values()].every(
        ({ outgoing, stream }) => outgoing.length === 0 && stream.length === 0,
      );
      if (isQuiet) return;
    }
    throw new Error('The regions never come to rest');
  }
}
