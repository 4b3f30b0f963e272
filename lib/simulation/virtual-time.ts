import { EventHeap } from './event-heap.ts';
import type { Trace } from './trace.ts';

/** So many events at one moment are a loop that never lets time pass, not a busy moment. */
const EVENTS_AT_ONCE_MAX = 1_000_000;

interface Event {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void;
}

/**
 * Calls back when every microtask that is queued now, and every one those queue, has run. Node empties the
 * microtask queue before it looks at the next tick, so a tick that is queued by a microtask comes after all of
 * them; it costs half of what setImmediate does.
 */
function afterMicrotasks(next: () => void): void {
  queueMicrotask(() => process.nextTick(next));
}

/**
 * Time that passes only from event to event. Events run in the order of their times, those of one time in the
 * order they were scheduled; between two of them everything that waits for a promise goes on as far as it can.
 */
export class VirtualTime {
  readonly #events = new EventHeap<Event>();
  readonly #trace: Trace | undefined;
  #nowMs: number;
  #sequence = 0;
  #atOnce = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(startMs: number, trace?: Trace) {
    this.#nowMs = startMs;
    this.#trace = trace;
  }

  /** Milliseconds since the epoch, with fractions: two things seldom happen at once. */
  now(): number {
    return this.#nowMs;
  }

  /** How many events have been scheduled so far. */
  get scheduled(): number {
    return this.#sequence;
  }

  /** Runs something at a time; at once if that has passed. */
  at(atMs: number, run: () => void): void {
    this.#sequence += 1;
    this.#events.push({ atMs: Math.max(atMs, this.#nowMs), sequence: this.#sequence, run });
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.#nowMs + delayMs, run);
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Ends the run with an error: something happened that must not. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Lets time pass until all events up to a time have run. Rejects with what `fail` or an event threw. */
  run(untilMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = () => {
        if (this.#failure !== undefined) return reject(this.#failure.error);
        const event = this.#events.peek();
        if (event === undefined || event.atMs > untilMs) {
          if (Number.isFinite(untilMs)) this.#nowMs = Math.max(this.#nowMs, untilMs);
          return resolve();
        }
        this.#events.pop();
        this.#run(event);
        afterMicrotasks(step);
      };
      afterMicrotasks(step);
    });
  }

  #run(event: Event): void {
    this.#atOnce = event.atMs === this.#nowMs ? this.#atOnce + 1 : 0;
    if (this.#atOnce > EVENTS_AT_ONCE_MAX) this.fail(new Error(`Time stands still at ${event.atMs}`));
    this.#nowMs = event.atMs;
    this.#trace?.fold(event.atMs);
    try {
      event.run();
    } catch (error) {
      this.fail(error);
    }
  }
}
