import type { Change } from './memory-table.ts';
import type { SeededRandom } from './random.ts';
import type { Version } from './replication-version.ts';
import type { SimulatedWorld } from './world.ts';

/** What goes wrong with replication. Changing it takes effect at once. */
export interface ReplicationRates {
  /** How likely a change of an item joins the one that still waits, so that it is never seen by itself. */
  merge: number;
  /** How likely a change takes far longer than usual. */
  late: number;
}

/** One direction between two regions. */
export interface Link {
  readonly from: string;
  readonly to: string;
}

/** One change of one item on its way. */
export interface Update extends Pick<Change, 'entity' | 'key' | 'id' | 'after'> {
  readonly version: Version;
}

/** The changes of one item that wait, in order. */
interface Waiting {
  readonly updates: Update[];
  isScheduled: boolean;
}

/** Usually a change arrives within a second; AWS promises nothing. */
const USUAL_MS = [50, 2_500] as const;
const LATE_MS = [2_500, 120_000] as const;

/** Replication in one direction: every item by itself, its changes in order. */
export class ReplicationLink {
  isPaused = false;
  /** How many times slower than usual. */
  slowness = 1;
  readonly #world: SimulatedWorld;
  readonly #link: Link & { readonly rates: ReplicationRates };
  readonly #random: SeededRandom;
  readonly #waiting = new Map<string, Waiting>();
  readonly #deliver: (update: Update) => void;

  constructor(
    world: SimulatedWorld,
    link: Link & { readonly rates: ReplicationRates },
    deliver: (update: Update) => void,
  ) {
    this.#world = world;
    this.#link = link;
    this.#random = world.random.fork(`replication ${link.from} ${link.to}`);
    this.#deliver = deliver;
  }

  /** Items whose changes have not all arrived. */
  get backlog(): number {
    return this.#waiting.size;
  }

  send(update: Update): void {
    const waiting = this.#waiting.get(update.id);
    if (waiting === undefined) {
      const fresh: Waiting = { updates: [update], isScheduled: false };
      this.#waiting.set(update.id, fresh);
      this.#schedule(update.id, fresh);
      return;
    }
    if (this.#random.chance(this.#link.rates.merge)) {
      this.#world.counts.add('replicationMerges');
      waiting.updates[waiting.updates.length - 1] = update;
    } else {
      waiting.updates.push(update);
    }
  }

  /** Goes on with what found the way closed. */
  wake(): void {
    if (!this.#isOpen()) return;
    for (const [id, waiting] of this.#waiting) if (!waiting.isScheduled) this.#schedule(id, waiting);
  }

  #isOpen(): boolean {
    return !this.isPaused && this.#world.network.reaches(this.#link.from, this.#link.to);
  }

  #schedule(id: string, waiting: Waiting): void {
    waiting.isScheduled = true;
    const isLate = this.#random.chance(this.#link.rates.late);
    if (isLate) this.#world.counts.add('lateReplications');
    const [soonestMs, latestMs] = isLate ? LATE_MS : USUAL_MS;
    const delayMs = this.#random.between(soonestMs, latestMs) * this.slowness;
    this.#world.time.after(delayMs, () => this.#arrive(id, waiting));
  }

  #arrive(id: string, waiting: Waiting): void {
    waiting.isScheduled = false;
    if (!this.#isOpen()) return;
    const update = waiting.updates.shift();
    if (waiting.updates.length === 0) this.#waiting.delete(id);
    else this.#schedule(id, waiting);
    if (update !== undefined) this.#deliver(update);
  }
}
