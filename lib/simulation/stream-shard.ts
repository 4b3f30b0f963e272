import type { Change } from './memory-table.ts';
import type { SeededRandom } from './random.ts';
import type { StreamConsumer, StreamRates } from './stream-records.ts';
import type { SimulatedWorld } from './world.ts';

/** A stream keeps a record for a day; what was not read by then is gone. */
const RETENTION_MS = 24 * 60 * 60 * 1_000;
const USUAL_DELAY_MS = [20, 1_500] as const;
/** Full batches come one after the other. */
const BEHIND_DELAY_MS = [20, 150] as const;
const LATE_DELAY_MS = [1_500, 60_000] as const;
/** A batch that failed comes again after this long, longer each time up to the most. */
const FIRST_RETRY_MS = 100;
const RETRY_MAX_MS = 10_000;
/** Handled records that are kept to be delivered once more. */
const REWIND_MAX = 20;
/** Beyond this many handled records the log is cut. */
const HANDLED_MAX = 1_000;

interface ShardOptions {
  readonly region: string;
  readonly random: SeededRandom;
  readonly consume: StreamConsumer;
  readonly rates: StreamRates;
  readonly batchMax: number;
}

/** A part of a stream: a log that is read from front to back, sometimes a piece of it twice. */
export class StreamShard {
  readonly #world: SimulatedWorld;
  readonly #options: ShardOptions;
  #log: Change[] = [];
  /** Index of the first record that is to be delivered next. */
  #position = 0;
  /** Index after the last record that was ever handled: what stands before it is a duplicate. */
  #handled = 0;
  #failures = 0;
  #isBusy = false;

  constructor(world: SimulatedWorld, options: ShardOptions) {
    this.#world = world;
    this.#options = options;
  }

  get backlog(): number {
    return this.#log.length - this.#handled;
  }

  /** When the oldest record that was never handled was written; `undefined` when there is none. */
  get oldestAtMs(): number | undefined {
    return this.#log[this.#handled]?.atMs;
  }

  /** More is waiting than one batch takes. */
  get #isBehind(): boolean {
    return this.#log.length - this.#position > this.#options.batchMax;
  }

  append(record: Change): void {
    this.#log.push(record);
    this.wake();
  }

  /** Goes on, if there is anything to deliver and nothing stands in the way. */
  wake(): void {
    const { region, random, rates } = this.#options;
    if (this.#isBusy || this.#position >= this.#log.length || !this.#world.network.isUp(region)) return;
    this.#isBusy = true;
    const isLate = random.chance(rates.late);
    if (isLate) this.#world.counts.add('lateBatches');
    const retryMs = this.#failures === 0 ? 0 : FIRST_RETRY_MS * 2 ** this.#failures;
    const usualMs = this.#isBehind ? BEHIND_DELAY_MS : USUAL_DELAY_MS;
    const [soonestMs, latestMs] = isLate ? LATE_DELAY_MS : usualMs;
    const delayMs = random.between(soonestMs, latestMs);
    this.#world.time.after(delayMs + Math.min(retryMs, RETRY_MAX_MS), () => this.#deliver());
  }

  #deliver(): void {
    const world = this.#world;
    const options = this.#options;
    this.#trim();
    if (!world.network.isUp(options.region) || this.#position >= this.#log.length) {
      this.#isBusy = false;
      return;
    }
    // A batch that failed comes back in smaller ones, until the record that fails is alone.
    const most = Math.max(1, options.batchMax >> this.#failures);
    const size = this.#isBehind ? most : options.random.integer(1, most);
    const batch = this.#log.slice(this.#position, this.#position + size);
    world.counts.add('streamBatches');
    world.counts.add('redeliveredRecords', Math.min(batch.length, this.#handled - this.#position));
    world.trace.note(world.time.now(), ['stream', options.region, batch.length], () =>
      batch.map(({ entity, id }) => `${entity} ${id}`).join(', '),
    );
    options.consume(batch).then(
      (done) => (done === batch.length ? this.#done(done) : this.#partly(done)),
      () => this.#failed(),
    );
  }

  #done(size: number): void {
    const { random, rates } = this.#options;
    this.#failures = 0;
    this.#handled = Math.max(this.#handled, this.#position + size);
    if (!random.chance(rates.again)) this.#position += size;
    if (random.chance(rates.rewind)) {
      this.#position = Math.max(0, this.#position - random.integer(1, REWIND_MAX));
    }
    this.#cut();
    this.#goOn();
  }

  /** Goes on from the first record that must be shown again. */
  #partly(done: number): void {
    this.#position += done;
    this.#handled = Math.max(this.#handled, this.#position);
    this.#world.counts.add('partlyDoneBatches');
    this.#failed();
  }

  #failed(): void {
    this.#world.counts.add('failedBatches');
    this.#failures += 1;
    this.#goOn();
  }

  #goOn(): void {
    this.#isBusy = false;
    this.wake();
  }

  /** Forgets what is too old to be delivered. */
  #trim(): void {
    const oldestMs = this.#world.time.now() - RETENTION_MS;
    const start = this.#position;
    while ((this.#log[this.#position]?.atMs ?? Number.POSITIVE_INFINITY) < oldestMs) this.#position += 1;
    const lost = this.#position - Math.max(start, this.#handled);
    if (lost > 0) this.#world.counts.add('trimmedRecords', lost);
    this.#handled = Math.max(this.#handled, this.#position);
  }

  #cut(): void {
    const cut = Math.min(this.#position, this.#handled) - REWIND_MAX;
    if (cut < HANDLED_MAX) return;
    this.#log = this.#log.slice(cut);
    this.#position -= cut;
    this.#handled -= cut;
  }
}
