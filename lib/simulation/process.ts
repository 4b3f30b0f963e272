import type { Clock } from '../application/ports.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What became of work that was given to a process. */
export type Ended<Value> =
  | { readonly ended: 'returned'; readonly value: Value }
  | { readonly ended: 'threw'; readonly error: unknown }
  /** Nobody knows how far it came. */
  | { readonly ended: 'crashed' };

/** A clock that differs from true time, by the same until it is set. */
export interface SkewedClock extends Clock {
  /** Milliseconds it is ahead. */
  skewMs: number;
}

export interface ProcessOptions {
  readonly name: string;
  readonly region: string;
  readonly skewMs?: number;
}

/**
 * One execution environment: a name, a region, a clock of its own. When it crashes, nothing it waits for ever
 * comes: its promises are dropped. Calls it has sent are on their way all the same.
 */
export class Process {
  readonly name: string;
  readonly region: string;
  readonly clock: SkewedClock;
  readonly #watchers = new Set<() => void>();
  #isAlive = true;

  constructor(time: VirtualTime, { name, region, skewMs = 0 }: ProcessOptions) {
    this.name = name;
    this.region = region;
    const clock: SkewedClock = {
      skewMs,
      now: () => Math.floor(time.now() + clock.skewMs),
      sleep: (milliseconds) =>
        new Promise((resolve) =>
          time.after(milliseconds, () => {
            if (this.#isAlive) resolve();
          }),
        ),
    };
    this.clock = clock;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  crash(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    for (const tell of this.#watchers) tell();
    this.#watchers.clear();
  }

  /** Lets the process do some work. Whoever asked learns of a crash; the work itself just never goes on. */
  run<Value>(work: () => Promise<Value>): Promise<Ended<Value>> {
    if (!this.#isAlive) return Promise.resolve({ ended: 'crashed' });
    return new Promise((resolve) => {
      const crashed = () => resolve({ ended: 'crashed' });
      this.#watchers.add(crashed);
      const end = (how: Ended<Value>) => {
        this.#watchers.delete(crashed);
        resolve(how);
      };
      work().then(
        (value) => end({ ended: 'returned', value }),
        (error: unknown) => end({ ended: 'threw', error }),
      );
    });
  }
}
