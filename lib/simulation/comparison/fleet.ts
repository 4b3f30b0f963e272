/** The real use cases in some regions of the simulator's engine, without faults. */

import { sha256Digest } from '../../adapters/system/digest.ts';
import { assembleDependencies } from '../../application/assemble.ts';
import { completeChange } from '../../application/complete-change.ts';
import { createDemandFollower } from '../../application/follow-demand.ts';
import type { RecordChange, Store } from '../../application/ports.ts';
import { StoreUnavailableError } from '../../application/ports.ts';
import { type RebalanceDependencies, recentDemand } from '../../application/rebalance-sku.ts';
import { sweepOnce } from '../../application/sweep.ts';
import { tendRegion } from '../../application/tend-region.ts';
import { type Sourcing, sourceByPriority } from '../../domain/sourcing.ts';
import { FaultDice } from '../call-faults.ts';
import { MemoryReadModel } from '../memory-read-model.ts';
import type { Change } from '../memory-table.ts';
import { openWaysOut, type WaysOut } from '../open-outlets.ts';
import { Process } from '../process.ts';
import { Replication } from '../replication.ts';
import { SimulatedStore } from '../simulated-store.ts';
import { RegionStream } from '../stream.ts';
import type { SimulatedWorld } from '../world.ts';
import { STREAM_BATCH_MAX, SWEEP_EVERY_MS } from './assumptions.ts';
import { PartitionedStore } from './partitioned-store.ts';

export type FleetDependencies = RebalanceDependencies & WaysOut & { readonly sourcing: Sourcing };

/** Nothing goes wrong but what the network does: replication merges nothing and nothing is late. */
const NO_REPLICATION_FAULTS = { merge: 0, late: 0 };
const NO_STREAM_FAULTS = { again: 0, rewind: 0, late: 0 };

const toRecordChange = ({ entity, before, after }: Change): RecordChange =>
  ({
    entity,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }) as RecordChange;

/** A deployment: in each region a store, an environment for requests, and one for its stream and its sweep. */
export class Fleet {
  readonly stores: readonly PartitionedStore[];
  readonly replication: Replication;
  readonly #world: SimulatedWorld;
  readonly #regions: readonly string[];
  readonly #serving = new Map<string, FleetDependencies>();
  #isOpen = true;

  constructor(world: SimulatedWorld, regions: readonly string[]) {
    this.#world = world;
    this.#regions = regions;
    this.stores = regions.map((region) => {
      const random = world.random.fork(`conflicts ${region}`);
      return new PartitionedStore(region, { time: world.time, random });
    });
    this.replication = new Replication(world, this.stores, NO_REPLICATION_FAULTS);
    for (const store of this.stores) this.#start(store);
  }

  /** What a request in a region is given; `onRemote` hears of calls to other regions. */
  serving(region: string, onRemote: () => void = () => undefined): FleetDependencies {
    const deps = this.#serving.get(region);
    if (deps === undefined) throw new Error(`There is no region ${region}`);
    const reach = (to: string): Store => {
      if (to !== region) onRemote();
      return deps.replicas.in(to);
    };
    return { ...deps, replicas: { in: reach } };
  }

  /** No sweep begins any more. */
  close(): void {
    this.#isOpen = false;
  }

  #start(store: PartitionedStore): void {
    const { region } = store;
    this.#serving.set(region, this.#dependencies(region, 'requests'));
    const background = this.#dependencies(region, 'background');
    const follow = createDemandFollower(background);
    const consume = async (batch: readonly Change[]): Promise<number> => {
      const changes = batch.map(toRecordChange);
      for (const change of changes) await completeChange(background, change);
      await follow(changes);
      return batch.length;
    };
    const options = { store, consume, rates: NO_STREAM_FAULTS, batchMax: STREAM_BATCH_MAX };
    new RegionStream(this.#world, options);
    this.#tend(background);
  }

  /** The sweep of a region, again and again. */
  #tend(deps: FleetDependencies): void {
    const { time } = this.#world;
    const sweep = async () => {
      await tendRegion(deps);
      await sweepOnce(deps);
    };
    time.after(SWEEP_EVERY_MS, () => {
      if (!this.#isOpen) return;
      sweep().catch((error: unknown) => {
        // A region that is cut off goes on with the next sweep.
        if (!(error instanceof StoreUnavailableError)) time.fail(error);
      });
      this.#tend(deps);
    });
  }

  #dependencies(region: string, name: string): FleetDependencies {
    const world = this.#world;
    const process = new Process(world.time, { name: `${region} ${name}`, region });
    const dice = new FaultDice(world.random.fork(`dice ${process.name}`));
    const parties = { world, dice, process, random: world.random.fork(`calls ${process.name}`) };
    const reached = new Map<string, Store>(
      this.stores.map((store) => [store.region, new SimulatedStore(parties, store)]),
    );
    const replicas = {
      in: (to: string): Store => {
        const store = reached.get(to);
        if (store === undefined) throw new Error(`There is no region ${to}`);
        return store;
      },
    };
    const { clock } = process;
    const random = world.random.fork(`choices ${process.name}`);
    const regions = this.#regions;
    const readModel = new MemoryReadModel();
    return {
      ...assembleDependencies({ replicas, readModel, clock, random, digest: sha256Digest, region, regions }),
      sourcing: sourceByPriority,
      forecast: recentDemand,
      ...openWaysOut(),
    };
  }
}
