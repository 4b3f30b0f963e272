import { Backlog } from './backlog.ts';
import { MAX_BATCH_WRITES, writeBatch } from './batch-write.ts';
import type { Change } from './change.ts';
import type { Replica } from './replica.ts';

/** Small enough that nobody waits for it, large enough that code which relies on no delay fails here. */
const DEFAULT_DELAY_MS = 50;
/** A batch costs little more than a single write: waiting so long fills it, and nobody notices. */
const BATCHING_MS = 10;
/** A database that refuses a batch is a defect; it is tried again, not often. */
const RETRY_MS = 500;

/** What can be set from outside. */
export interface DirectionSettings {
  readonly paused: boolean;
  /** Between the reading of a write and its shipping, at least. */
  readonly delayMs: number;
}

export interface DirectionOptions {
  readonly from: string;
  readonly target: Replica;
  /** Address of the target's database itself: no faults, no meter. */
  readonly endpoint: string;
  readonly backlog: readonly Change[];
  readonly onProblem: (line: string) => void;
}

/** Ships what was written in one region to another one. */
export class Direction {
  readonly from: string;
  readonly to: string;
  readonly backlog = new Backlog();
  readonly #options: DirectionOptions;
  #settings: DirectionSettings = { paused: false, delayMs: DEFAULT_DELAY_MS };
  #connected = false;
  #shipping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DirectionOptions) {
    this.#options = options;
    this.from = options.from;
    this.to = options.target.region;
    for (const change of options.backlog) this.backlog.add(change);
  }

  get settings(): DirectionSettings {
    return this.#settings;
  }

  /** False while it is paused, or one of its ends is stopped. */
  get isOpen(): boolean {
    return this.#connected && !this.#settings.paused;
  }

  /** Age of the oldest change that has not arrived; 0: everything has. */
  get lagMs(): number {
    return Math.max(0, Date.now() - (this.backlog.oldestMs ?? Date.now()));
  }

  /** Changes what is given. */
  set({
    paused,
    delayMs,
  }: {
    readonly paused?: boolean | undefined;
    readonly delayMs?: number | undefined;
  }): void {
    this.#settings = {
      paused: paused ?? this.#settings.paused,
      delayMs: delayMs ?? this.#settings.delayMs,
    };
    this.#wake();
  }

  add(change: Change): void {
    this.backlog.add(change);
    if (this.#timer === undefined) this.#wake();
  }

  /** Begins to ship, or goes on with it. */
  connect(): void {
    this.#connected = true;
    this.#wake();
  }

  /** Ships nothing more; resolves when nothing is in flight. */
  async disconnect(): Promise<void> {
    this.#connected = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#shipping;
  }

  #wake(afterMs = BATCHING_MS): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#shipping !== undefined || !this.isOpen) return;
    const dueMs = this.backlog.nextDueMs(this.#settings.delayMs);
    if (dueMs === undefined) return;
    this.#timer = setTimeout(() => this.#begin(), Math.max(dueMs - Date.now(), afterMs));
  }

  #begin(): void {
    this.#timer = undefined;
    this.#shipping = this.#shipDue().then((pauseMs) => {
      this.#shipping = undefined;
      this.#wake(pauseMs);
    });
  }

  /** @returns how long to wait before the next attempt, at least. */
  async #shipDue(): Promise<number> {
    while (this.isOpen) {
      const changes = this.backlog.take(MAX_BATCH_WRITES, this.#settings.delayMs, Date.now());
      if (changes.length === 0) break;
      const hasArrived = await this.#ship(changes);
      if (!hasArrived) return RETRY_MS;
    }
    return BATCHING_MS;
  }

  /** @returns false when something is left to be tried again. */
  async #ship(changes: readonly Change[]): Promise<boolean> {
    const { target, endpoint, onProblem } = this.#options;
    const accepted = changes.filter((change) => target.accepts(change));
    try {
      const left = accepted.length === 0 ? [] : await writeBatch(endpoint, target, accepted);
      this.backlog.settle(left);
      return left.length === 0;
    } catch (cause) {
      this.backlog.settle(accepted);
      onProblem(`Replication from ${this.from} to ${this.to}: ${(cause as Error).message}`);
      return false;
    }
  }
}
