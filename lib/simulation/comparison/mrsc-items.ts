import { StoreUnavailableError } from '../../application/ports.ts';
import type { SeededRandom } from '../random.ts';
import type { SimulatedWorld } from '../world.ts';
import {
  CONFLICT_ATTEMPTS_MAX,
  CONFLICT_TIME_MAX_MS,
  CONFLICT_WAIT_MS,
  JITTER,
  REQUEST_TIMEOUT_MS,
} from './assumptions.ts';
import { PartitionModel } from './partition-model.ts';

/** Others were writing the item for as long as the writer tried. */
export class ItemContendedError extends Error {
  override readonly name = 'ItemContendedError';
}

/**
 * Items of a table with multi-Region strong consistency. A write is acknowledged when one other region has it,
 * so it takes a round trip to the nearest. While it is on its way, writes to the same item from other regions are
 * rejected (`ReplicatedWriteConflictException`) and tried again; those from the same region queue behind it at no
 * cost. A region that reaches no other one neither reads strongly nor writes. What many want to write counts
 * against one partition: every region applies all writes of an item.
 */
export class MrscItems {
  /** Writes that were rejected because another region was writing. */
  conflicts = 0;
  readonly #world: SimulatedWorld;
  readonly #random: SeededRandom;
  readonly #partitions = new PartitionModel();
  readonly #writers = new Map<string, string[]>();

  constructor(world: SimulatedWorld) {
    this.#world = world;
    this.#random = world.random.fork('mrsc');
  }

  /**
   * Writes one item.
   *
   * @param apply checks the condition and changes the item, all at once; its answer is the writer's.
   * @throws ItemContendedError or StoreUnavailableError.
   */
  async write<Answer>(region: string, id: string, apply: () => Answer): Promise<Answer> {
    const { time } = this.#world;
    const deadlineMs = time.now() + CONFLICT_TIME_MAX_MS;
    await this.#travel(region, region);
    for (let attempt = 1; attempt <= CONFLICT_ATTEMPTS_MAX; attempt += 1) {
      const isDone = await this.#attempt(region, id);
      if (isDone) return apply();
      const boundMs = Math.min(CONFLICT_WAIT_MS.most, CONFLICT_WAIT_MS.first * 2 ** attempt);
      const waitMs = this.#random.fraction() * boundMs;
      if (time.now() + waitMs > deadlineMs) break;
      await time.sleep(waitMs);
    }
    throw new ItemContendedError(`Others are writing ${id}`);
  }

  async #attempt(region: string, id: string): Promise<boolean> {
    const nearest = this.#nearest(region);
    if (nearest === undefined) {
      await this.#world.time.sleep(REQUEST_TIMEOUT_MS);
      throw new StoreUnavailableError(`${region} reaches no other region`);
    }
    const begun = this.#partitions.begin({ ids: [id], isTransaction: false }, this.#world.time.now());
    if (begun === undefined) return false;
    const writers = this.#writers.get(id) ?? [];
    this.#writers.set(id, writers);
    const isMet = writers.some((writer) => writer !== region);
    if (!isMet) writers.push(region);
    await this.#travel(region, nearest);
    if (isMet) {
      this.conflicts += 1;
      return false;
    }
    writers.splice(writers.indexOf(region), 1);
    if (writers.length === 0) this.#writers.delete(id);
    return true;
  }

  #nearest(region: string): string | undefined {
    const { network } = this.#world;
    const others = network.regions.filter(
      (other) => other !== region && network.reaches(region, other) && network.reaches(other, region),
    );
    return others.sort((a, b) => network.roundTripMs(region, a) - network.roundTripMs(region, b))[0];
  }

  #travel(from: string, to: string): Promise<void> {
    const roundTripMs = this.#world.network.roundTripMs(from, to);
    return this.#world.time.sleep(roundTripMs * this.#random.between(1, 1 + JITTER));
  }
}
