import { StoreUnavailableError } from '../../application/ports.ts';
import { sweepOnce } from '../../application/sweep.ts';
import { tendRegion } from '../../application/tend-region.ts';
import { FaultDice } from '../call-faults.ts';
import { FaultCounts } from '../fault-counts.ts';
import { MemoryStore } from '../memory-store.ts';
import { Nemesis } from '../nemesis.ts';
import { drawPlan, type FaultKind, type NemesisPlan, without } from '../nemesis-plan.ts';
import { Network } from '../network.ts';
import { Violation } from '../oracle/violation.ts';
import type { Ended } from '../process.ts';
import { SeededRandom } from '../random.ts';
import { Replication } from '../replication.ts';
import { Outages } from '../spine/outages.ts';
import { RegionSpine } from '../spine/region-spine.ts';
import { NO_SPINE_FAULTS } from '../spine/spine-rates.ts';
import { RegionStream } from '../stream.ts';
import { Trace } from '../trace.ts';
import { VirtualTime } from '../virtual-time.ts';
import type { SimulatedWorld } from '../world.ts';
import type { Environment, EnvironmentParts } from './environment.ts';
import { EnvironmentPool } from './environment-pool.ts';
import type { Mutant } from './mutant.ts';
import { createOrderWorker } from './order-worker.ts';
import type { SimulatedDependencies } from './simulated-dependencies.ts';
import { createConsumer } from './stream-consumer.ts';

/** Three continents. The first owns the list of tenants. */
export const REGIONS = ['us-east-1', 'eu-central-1', 'ap-southeast-2'] as const;

const START_MS = Date.parse('2026-11-24T12:00:00.000Z');
/** Environments that answer requests, in each region: two requests meet in one, and two environments disagree. */
const API_ENVIRONMENTS = 2;
/** A region looks for due work this often: less often than in production, as it is most of what an idle hour costs. */
const SWEEP_EVERY_MS = 30_000;
/** Indexes and eventual reads are this old at most. */
const INDEX_LAG_MAX_MS = 1_000;
const READ_AGE_MAX_MS = 800;

export interface ClusterOptions {
  readonly seed: number;
  readonly keepTrace?: boolean;
  readonly mutant?: Mutant | undefined;
  /** Kinds of faults that are left out, whatever the seed says. */
  readonly without?: readonly FaultKind[];
}

/** What a caller learns of a request. */
export type Answered<Value> =
  | { readonly answered: true; readonly value: Value; readonly environment: Environment }
  /** No answer, or one that says that something was out of reach: it may have had its effect. */
  | { readonly answered: false; readonly error?: unknown };

/** A store in each region, with indexes and eventual reads that are late. */
function openStores({ time, random }: SimulatedWorld): MemoryStore[] {
  const lags = random.fork('lags');
  const timing = {
    now: () => time.now(),
    indexLagMs: () => lags.fraction() * INDEX_LAG_MAX_MS,
    readAgeMs: () => lags.fraction() * READ_AGE_MAX_MS,
  };
  return REGIONS.map((region) => new MemoryStore(region, timing));
}

/** Three regions with everything that runs in them, on simulated stores. */
export class Cluster {
  readonly world: SimulatedWorld;
  readonly stores: readonly MemoryStore[];
  readonly replication: Replication;
  readonly streams: readonly RegionStream[];
  readonly plan: NemesisPlan;
  readonly spines: readonly RegionSpine[];
  readonly #pool: EnvironmentPool;
  readonly #nemesis: Nemesis;
  readonly #dispatch: SeededRandom;

  constructor({ seed, keepTrace = false, mutant, without: left = [] }: ClusterOptions) {
    const trace = new Trace({ keep: keepTrace });
    const time = new VirtualTime(START_MS, trace);
    const random = new SeededRandom(seed);
    const world = { time, random, trace, network: new Network(REGIONS), counts: new FaultCounts() };
    this.world = world;
    this.stores = openStores(world);
    this.plan = without(drawPlan(random.fork('plan')), left);
    const replicationRates = { merge: this.plan.replication.merge, late: 0 };
    const streamRates = { again: 0, rewind: 0, late: 0 };
    const spineRates = { ...NO_SPINE_FAULTS };
    const outages = new Outages();
    const dice = new FaultDice(random.fork('dice'));
    this.replication = new Replication(world, this.stores, replicationRates);
    const pool = () => this.#pool;
    this.spines = REGIONS.map((region) => {
      const work = createOrderWorker(world, pool, { region, mutant });
      return new RegionSpine(world, { region, rates: spineRates, outages, work });
    });
    const parts: EnvironmentParts = {
      world,
      dice,
      calls: random.fork('calls'),
      ids: random.fork('ids'),
      stores: new Map(this.stores.map((store) => [store.region, store])),
      spines: new Map(this.spines.map((spine) => [spine.region, spine])),
      mutant,
    };
    this.#pool = new EnvironmentPool(parts);
    this.#dispatch = random.fork('dispatch');
    this.#nemesis = new Nemesis(world, this.plan, {
      replication: this.replication,
      dice,
      replicationRates,
      streamRates,
      spineRates,
      outages,
      processes: () => this.#pool.processes(),
    });
    this.streams = this.stores.map((store) => {
      const consume = createConsumer(world, this.#pool, { region: store.region, mutant });
      return new RegionStream(world, { store, consume, rates: streamRates });
    });
    for (const [index, region] of REGIONS.entries()) this.#sweepLater(region, index);
    mutant?.beside?.({ world, stores: this.stores });
  }

  /** From now on things go wrong. */
  harm(): void {
    this.#nemesis.start();
    this.#pool.skewClocks(this.#nemesis);
  }

  /** Everything is repaired, and nothing goes wrong any more. */
  heal(): void {
    this.#nemesis.stop();
    this.#pool.skewClocks(undefined);
    for (const process of this.#pool.processes()) process.clock.skewMs = 0;
  }

  /** Ends the run: something happened that must never happen. */
  fail(what: string): void {
    this.world.time.fail(new Violation(what));
  }

  /** Lets time pass. */
  pass(milliseconds: number): Promise<void> {
    const { time } = this.world;
    return time.run(time.now() + milliseconds);
  }

  /** A request to a region's API. A region that is down does not answer. */
  async request<Value>(
    region: string,
    work: (deps: SimulatedDependencies) => Promise<Value>,
  ): Promise<Answered<Value>> {
    const { network, time } = this.world;
    if (!network.isUp(region)) return { answered: false };
    const environment = this.#pool.get('api', region, ` ${this.#dispatch.integer(1, API_ENVIRONMENTS)}`);
    const end: Ended<Value> = await environment.process.run(() => work(environment.deps));
    if (end.ended === 'returned') return { answered: true, value: end.value, environment };
    if (end.ended === 'crashed') return { answered: false };
    if (!(end.error instanceof StoreUnavailableError)) time.fail(end.error);
    return { answered: false, error: end.error };
  }

  /** The schedule of a region: it starts again and again, whatever became of the last run. */
  #sweepLater(region: string, turn: number): void {
    const { time, network } = this.world;
    const again = () => time.after(SWEEP_EVERY_MS, run);
    const run = () => {
      if (!network.isUp(region)) {
        again();
        return;
      }
      const { process, deps } = this.#pool.get('sweep', region);
      const swept = process.run(async () => {
        await tendRegion(deps);
        await sweepOnce(deps);
      });
      void swept.then((end) => {
        if (end.ended === 'threw' && !(end.error instanceof StoreUnavailableError)) time.fail(end.error);
        again();
      });
    };
    time.after((SWEEP_EVERY_MS * (turn + 1)) / REGIONS.length, run);
  }
}
