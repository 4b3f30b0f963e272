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
  /** Whether a sku that runs low is ordered anew. */
  isRestocking = true;
  #only: readonly string[] | undefined;
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
      if (!this.#isOpen || !this.isRestocking || free > REORDER_SHARE * LOT_UNITS) return;
      if (this.#ordered.has(sku)) return;
      this.#ordered.add(sku);
      world.time.after(deliveries.between(...LEAD_TIME_MS), () => this.#deliver(sku));
    });
  }

  async open(): Promise<void> {
    let isReady = false;
    this.protocol.open().then(
      () => {
        isReady = true;
      },
      (error: unknown) => this.world.time.fail(error),
    );
    while (!isReady) await this.pass(1_000);
    this.#openedMs = this.world.time.now();
    this.#isOpen = true;
    this.#next();
  }

  /** Lets time pass. */
  pass(milliseconds: number): Promise<void> {
    return this.world.time.run(this.world.time.now() + milliseconds);
  }

  /** From now on only these skus are asked for. */
  narrow(skus: readonly string[]): void {
    this.#only = skus;
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
      this.shoppers.send(this.demand.draw(time.now() - this.#openedMs, this.#only));
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
