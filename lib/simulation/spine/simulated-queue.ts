import type { Message } from '../../application/ports.ts';
import type { SeededRandom } from '../random.ts';
import type { SimulatedWorld } from '../world.ts';
import type { SpineRates } from './spine-rates.ts';

/** Handles a batch. @returns the ids of those that failed; rejects when nobody knows what was done. */
export type QueueConsumer<Sent extends Message> = (batch: readonly Sent[]) => Promise<ReadonlySet<string>>;

export interface QueueOptions<Sent extends Message> {
  readonly region: string;
  readonly name: string;
  readonly consume: QueueConsumer<Sent>;
  readonly rates: Readonly<SpineRates>;
}

interface Waiting<Sent extends Message> {
  readonly message: Sent;
  visibleAtMs: number;
  receives: number;
}

const BATCH_MAX = 10;
const USUAL_DELAY_MS = [20, 400] as const;
const LATE_DELAY_MS = [5_000, 5 * 60_000] as const;
/** How long a message that was received stays hidden, unless it is deleted. */
const VISIBILITY_MS = 60_000;
/** A message that was received so often without success is put aside. */
const MAX_RECEIVES = 5;
/** A message that is delivered once more comes within this time. */
const AGAIN_MS = [10, 120_000] as const;
/** Workers that are at it side by side. */
const WORKERS = 2;

/**
 * A queue of one region: each message at least once, in no order, hidden while somebody is at it, and put aside
 * after too many receives. Who puts it back is an operator.
 */
export class SimulatedQueue<Sent extends Message> {
  readonly #world: SimulatedWorld;
  readonly #options: QueueOptions<Sent>;
  readonly #random: SeededRandom;
  readonly #waiting = new Set<Waiting<Sent>>();
  #deadLetters: Sent[] = [];
  #working = 0;
  #wakesAtMs = Number.POSITIVE_INFINITY;

  constructor(world: SimulatedWorld, options: QueueOptions<Sent>) {
    this.#world = world;
    this.#options = options;
    this.#random = world.random.fork(`queue ${options.name} ${options.region}`);
    world.network.onChange(() => this.#wake(0));
  }

  /** Messages that nobody has handled yet. */
  get depth(): number {
    return this.#waiting.size;
  }

  get deadLetters(): readonly Sent[] {
    return this.#deadLetters;
  }

  accept(messages: readonly Sent[]): void {
    for (const message of messages) this.#add(message, this.#drawDelayMs());
  }

  /** Puts back what was put aside, as new messages. */
  redrive(): void {
    const again = this.#deadLetters;
    this.#deadLetters = [];
    this.#world.counts.add('redrivenMessages', again.length);
    this.accept(again);
  }

  #add(message: Sent, delayMs: number): void {
    this.#waiting.add({ message, visibleAtMs: this.#world.time.now() + delayMs, receives: 0 });
    this.#wake(delayMs);
  }

  #drawDelayMs(): number {
    const { rates } = this.#options;
    const [soonestMs, latestMs] = this.#random.chance(rates.late) ? LATE_DELAY_MS : USUAL_DELAY_MS;
    return this.#random.between(soonestMs, latestMs);
  }

  #wake(delayMs: number): void {
    const { time } = this.#world;
    const atMs = time.now() + delayMs;
    if (atMs >= this.#wakesAtMs) return;
    this.#wakesAtMs = atMs;
    time.at(atMs, () => {
      if (this.#wakesAtMs <= time.now()) this.#wakesAtMs = Number.POSITIVE_INFINITY;
      this.#receive();
    });
  }

  #receive(): void {
    const { time, network } = this.#world;
    if (!network.isUp(this.#options.region) || this.#working >= WORKERS) return;
    const nowMs = time.now();
    const visible = [...this.#waiting].filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
    const batch = visible.slice(0, this.#random.integer(1, BATCH_MAX)).filter((each) => this.#take(each));
    if (batch.length > 0) this.#work(batch);
    this.#sleepUntilNext();
  }

  /** @returns false for one that has been received too often */
  #take(waiting: Waiting<Sent>): boolean {
    waiting.receives += 1;
    waiting.visibleAtMs = this.#world.time.now() + VISIBILITY_MS;
    if (waiting.receives <= MAX_RECEIVES) return true;
    this.#waiting.delete(waiting);
    this.#deadLetters.push(waiting.message);
    this.#world.counts.add('deadLetters');
    return false;
  }

  #work(batch: readonly Waiting<Sent>[]): void {
    this.#working += 1;
    const { time, trace, counts } = this.#world;
    const { name, region, consume } = this.#options;
    counts.add('queueBatches');
    trace.note(time.now(), ['queue', name, region, batch.length], () =>
      batch.map(({ message }) => message.id).join(', '),
    );
    const end = () => {
      this.#working -= 1;
      this.#sleepUntilNext();
    };
    consume(batch.map(({ message }) => message)).then((failed) => {
      for (const each of batch) if (!failed.has(each.message.id)) this.#delete(each);
      end();
    }, end);
  }

  #delete(waiting: Waiting<Sent>): void {
    if (!this.#waiting.delete(waiting)) return;
    if (!this.#random.chance(this.#options.rates.again)) return;
    this.#world.counts.add('redeliveredMessages');
    this.#add(waiting.message, this.#random.between(...AGAIN_MS));
  }

  #sleepUntilNext(): void {
    if (this.#waiting.size === 0) return;
    const nextMs = Math.min(...[...this.#waiting].map(({ visibleAtMs }) => visibleAtMs));
    this.#wake(Math.max(USUAL_DELAY_MS[0], nextMs - this.#world.time.now()));
  }
}
