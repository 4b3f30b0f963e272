/** A fixed number of places; whoever finds none free waits, first come, first served. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(slots: number) {
    this.#free = slots;
  }

  async enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    const next = this.#waiting.shift();
    // The place goes from hand to hand: if it came free in between, a newcomer could slip in.
    if (next === undefined) this.#free += 1;
    else next();
  }

  /** Does the work in a slot. */
  async use<Output>(work: () => Promise<Output>): Promise<Output> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }
}

/**
 * Does work for every item, at most so many at once, and starts it in their order.
 *
 * @throws the first failure, once all work that was started has ended. No more is started after it.
 */
export async function forEachInOrder<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  openMax: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const slots = new Slots(openMax);
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const item of items) {
    await slots.enter();
    if (failures.length > 0) break;
    const run = work(item)
      .catch((failure: unknown) => void failures.push(failure))
      .finally(() => {
        running.delete(run);
        slots.leave();
      });
    running.add(run);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
