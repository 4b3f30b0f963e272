/** One run of one protocol: shoppers, restocks, and what happens meanwhile. */
import { FaultCounts } from '../fault-counts.ts';
import { Network } from '../network.ts';
import { SeededRandom } from '../random.ts';
import { Trace } from '../trace.ts';
import { VirtualTime } from '../virtual-time.ts';
import type { SimulatedWorld } from '../world.ts';
import { LEAD_TIME_MS, LOT_UNITS, REGIONS, REORDER_SHARE } from './assumptions.ts';
import type { Protocol } from './protocol.ts';
import { Demand, type DemandShape } from './scenario.ts';
import { Shoppers } from './shoppers.ts';
import { Tally } from './tally.ts';

/** Any time does; this one is easy to read in a trace. */
const START_MS = Date.parse('2026-01-01T00:00:00.000Z');

/** Longer than any shopper takes, and than replication and streams need to come to rest. */
const QUIET_MS = 600_000;

/** Until units that were brought have been spread over the regions. */
const SETTLE_MS = 20_000;
/** What is waited for is looked at this often. */
const STEP_MS = 1_000;

export function createWorld(seed: number): SimulatedWorld {
  const trace = new Trace();
  return {
    time: new VirtualTime(START_MS, trace),
    random: new SeededRandom(seed),
    network: new Network(REGIONS),
    counts: new FaultCounts(),
    trace,
  };
}

export class Market {
  readonly world: SimulatedWorld;
  readonly protocol: Protocol;
  readonly demand: Demand;
  readonly shoppers: Shoppers;
  readonly tally = new Tally();
  #only: string | undefined;
  #openedMs = 0;
  #isOpen = false;
  readonly #ordered = new Set<string>();

  constructor(world: SimulatedWorld, protocol: Protocol, shape: DemandShape) {
    this.world = world;
    this.protocol = protocol;
    this.demand = new Demand(shape, world.random.fork('demand'));
    this.shoppers = new Shoppers(world, protocol, this.tally);
    const deliveries = world.random.fork('deliveries');
    protocol.onFree((sku, free) => {
      if (!this.#isOpen || this.#only !== undefined || free > REORDER_SHARE * LOT_UNITS) return;
      if (this.#ordered.has(sku)) return;
      this.#ordered.add(sku);
      world.time.after(deliveries.between(...LEAD_TIME_MS), () => this.#deliver(sku));
    });
  }

  /** @param more units that are brought before anybody comes. */
  async open(more?: { readonly sku: string; readonly units: number }): Promise<void> {
    await this.finish(this.protocol.open());
    if (more !== undefined) {
      await this.finish(this.protocol.restock(more.sku, more.units));
      await this.pass(SETTLE_MS);
    }
    this.#openedMs = this.world.time.now();
    this.#isOpen = true;
    this.#next();
  }

  /** Lets time pass. */
  pass(milliseconds: number): Promise<void> {
    return this.world.time.run(this.world.time.now() + milliseconds);
  }

  /** Lets time pass until something is done. */
  async finish<Done>(work: Promise<Done>): Promise<Done> {
    const ended: { done?: Done; isDone: boolean } = { isDone: false };
    work.then(
      (done) => Object.assign(ended, { done, isDone: true }),
      (error: unknown) => this.world.time.fail(error),
    );
    while (!ended.isDone) await this.pass(STEP_MS);
    return ended.done as Done;
  }

  /** From now on only this sku is asked for, nothing is given back, and nothing is ordered. */
  sellOut(sku: string): void {
    this.#only = sku;
  }

  /** The region that most of the demand comes from now. */
  busiest(): string {
    return this.demand.busiestAt(this.world.time.now() - this.#openedMs);
  }

  /** Nobody comes any more; those who are here finish, and everything comes to rest. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.pass(QUIET_MS);
    this.protocol.close();
  }

  #next(): void {
    const { time } = this.world;
    time.after(this.demand.drawPauseMs(), () => {
      if (!this.#isOpen) return;
      const purchase = this.demand.draw(time.now() - this.#openedMs, this.#only);
      this.shoppers.send(this.#only === undefined ? purchase : { ...purchase, isBought: true });
      this.#next();
    });
  }

  #deliver(sku: string): void {
    this.protocol.restock(sku, LOT_UNITS).then(
      () => this.#ordered.delete(sku),
      (error: unknown) => this.world.time.fail(error),
    );
  }
}
