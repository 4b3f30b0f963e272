import type { SimulatedWorld } from '../world.ts';
import type { Protocol } from './protocol.ts';
import type { Purchase } from './scenario.ts';
import type { Tally } from './tally.ts';

/** Sends shoppers to a protocol and writes down what they are told. */
export class Shoppers {
  /** Those who hold units and will give them back. */
  undecided = 0;
  readonly #world: SimulatedWorld;
  readonly #protocol: Protocol;
  readonly #tally: Tally;
  /** Holds that wait for an answer: the least that was free of their sku meanwhile. */
  readonly #waiting = new Map<string, Set<{ leastFree: number }>>();

  constructor(world: SimulatedWorld, protocol: Protocol, tally: Tally) {
    this.#world = world;
    this.#protocol = protocol;
    this.#tally = tally;
    protocol.onFree((sku, free) => {
      for (const wait of this.#waiting.get(sku) ?? []) wait.leastFree = Math.min(wait.leastFree, free);
    });
  }

  send(purchase: Purchase): void {
    this.#buy(purchase).catch((error: unknown) => this.#world.time.fail(error));
  }

  async #buy(purchase: Purchase): Promise<void> {
    const { time } = this.#world;
    const id = await this.#hold(purchase);
    if (id === undefined) return;
    if (!purchase.isBought) return this.#giveBack(purchase, id);
    await time.sleep(purchase.decidesAfterMs);
    const startMs = time.now();
    const isConfirmed = await this.#protocol.confirm(purchase, id);
    this.#tally.confirmed(purchase, { isConfirmed, milliseconds: time.now() - startMs });
    if (!isConfirmed) return this.#protocol.release(purchase, id);
    await time.sleep(purchase.shipsAfterMs);
    return this.#protocol.ship(purchase, id);
  }

  async #giveBack(purchase: Purchase, id: string): Promise<void> {
    this.undecided += 1;
    await this.#world.time.sleep(purchase.decidesAfterMs);
    await this.#protocol.release(purchase, id);
    this.undecided -= 1;
  }

  async #hold(purchase: Purchase): Promise<string | undefined> {
    const { time } = this.#world;
    const { sku, quantity } = purchase;
    const startMs = time.now();
    const freeBefore = this.#protocol.free(sku);
    const wait = { leastFree: freeBefore };
    const waits = this.#waiting.get(sku) ?? new Set();
    this.#waiting.set(sku, waits.add(wait));
    const held = await this.#protocol.hold(purchase);
    waits.delete(wait);
    this.#tally.held(purchase, held, {
      milliseconds: time.now() - startMs,
      freeBefore,
      isWronglyRefused: held.outcome === 'refused' && wait.leastFree >= quantity,
    });
    return held.outcome === 'held' ? held.id : undefined;
  }
}
