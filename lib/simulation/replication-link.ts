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
export interface Update extends Pick<Change, 'entity' | 'key' | 'place' | 'id' | 'after'> {
  readonly version: Version;
}

interface OnItsWay {
  update: Update;
  /** Not before the one in front of it. */
  arrivesAtMs: number;
}

/** The changes of one item that wait, in order. */
interface Waiting {
  readonly updates: OnItsWay[];
  isScheduled: boolean;
}

/** Usually a change arrives within a second; AWS promises nothing. */
const USUAL_MS = [50, 2_500] as const;
const LATE_MS = [2_500, 120_000] as const;
/** However slow, a change that nothing holds back arrives after this long. */
const DELAY_MAX_MS = 10 * 60_000;

/** Replication in one direction: every item by itself, its changes in order. */
export class ReplicationLink {
  isPaused = false;
  /** How many times slower than usual. */
  slowness = 1;
  readonly #world: SimulatedWorld;
  readonly #link: Link;
  readonly #rates: ReplicationRates;
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
    this.#rates = link.rates;
    this.#random = world.random.fork(`replication ${link.from} ${link.to}`);
    this.#deliver = deliver;
  }

  /** Items whose changes have not all arrived. */
  get backlog(): number {
    return this.#waiting.size;
  }

  send(update: Update): void {
    const waiting = this.#waiting.get(update.id);
    const last = waiting?.updates.at(-1);
    if (waiting === undefined || last === undefined) {
      const fresh: Waiting = {
        updates: [{ update, arrivesAtMs: this.#drawArrivalMs() }],
        isScheduled: false,
      };
      this.#waiting.set(update.id, fresh);
      this.#schedule(update.id, fresh);
    } else if (this.#random.chance(this.#rates.merge)) {
      this.#world.counts.add('replicationMerges');
      last.update = update;
    } else {
      waiting.updates.push({ update, arrivesAtMs: Math.max(last.arrivesAtMs, this.#drawArrivalMs()) });
    }
  }

  /** Goes on with what found the way closed: each item after some time, with all its changes at once. */
  wake(): void {
    if (!this.#isOpen()) return;
    for (const [id, waiting] of this.#waiting) {
      const [first] = waiting.updates;
      if (waiting.isScheduled || first === undefined) continue;
      first.arrivesAtMs = this.#drawArrivalMs();
      this.#schedule(id, waiting);
    }
  }

  /** From now on everything arrives as usual, what is on its way included. */
  hurry(): void {
    this.isPaused = false;
    this.slowness = 1;
    for (const [id, waiting] of this.#waiting) {
      const latestMs = this.#drawArrivalMs();
      for (const one of waiting.updates) one.arrivesAtMs = Math.min(one.arrivesAtMs, latestMs);
      this.#schedule(id, waiting);
    }
  }

  #isOpen(): boolean {
    return !this.isPaused && this.#world.network.reaches(this.#link.from, this.#link.to);
  }

  #drawArrivalMs(): number {
    const isLate = this.#random.chance(this.#rates.late);
    if (isLate) this.#world.counts.add('lateReplications');
    const [soonestMs, latestMs] = isLate ? LATE_MS : USUAL_MS;
    const delayMs = this.#random.between(soonestMs, latestMs) * this.slowness;
    return this.#world.time.now() + Math.min(delayMs, DELAY_MAX_MS);
  }

  #schedule(id: string, waiting: Waiting): void {
    waiting.isScheduled = true;
    const nextMs = waiting.updates[0]?.arrivesAtMs ?? 0;
    this.#world.time.at(nextMs, () => this.#arrive(id, waiting));
  }

  #arrive(id: string, waiting: Waiting): void {
    waiting.isScheduled = false;
    // What was hurried has arrived before.
    if (!this.#isOpen() || this.#waiting.get(id) !== waiting) return;
    const nowMs = this.#world.time.now();
    const { updates } = waiting;
    const later = updates.findIndex(({ arrivesAtMs }) => arrivesAtMs > nowMs);
    const arrived = updates.splice(0, later === -1 ? updates.length : later);
    if (updates.length === 0) this.#waiting.delete(id);
    else this.#schedule(id, waiting);
    for (const { update } of arrived) this.#deliver(update);
  }
}
