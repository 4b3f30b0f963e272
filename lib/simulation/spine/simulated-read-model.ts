import type { Consistency, PutRollup, ReadModel, Watermark } from '../../application/ports.ts';
import type { Rollup, RollupKey } from '../../domain/rollup.ts';
import type { MemoryReadModel } from '../memory-read-model.ts';
import { callStore } from '../store-call.ts';
import type { CallParties } from '../store-request.ts';

/** The read model of a region as one process reaches it: by calls that are lost, late, repeated or cut off. */
export class SimulatedReadModel implements ReadModel {
  readonly #parties: CallParties;
  readonly #memory: MemoryReadModel;

  constructor(parties: CallParties, memory: MemoryReadModel) {
    this.#parties = parties;
    this.#memory = memory;
  }

  get(key: RollupKey, consistency: Consistency): Promise<Rollup | undefined> {
    const act = () => this.#memory.get(key, consistency);
    // Whoever asks for the last version writes the next one: others must be able to do so in between.
    if (consistency === 'strong') return callStore(this.#parties, { name: 'get rollup', act });
    return this.#read(act);
  }

  getMany(keys: readonly RollupKey[]): Promise<readonly (Rollup | undefined)[]> {
    return this.#read(() => this.#memory.getMany(keys));
  }

  put(rollup: Rollup): Promise<PutRollup> {
    const { sku, version } = rollup;
    return callStore(this.#parties, {
      name: 'put rollup',
      act: () => this.#memory.put(rollup),
      isCommit: true,
      details: () => `${sku} version ${version}`,
    });
  }

  watermark(): Promise<Watermark | undefined> {
    return this.#read(() => this.#memory.watermark());
  }

  setWatermark(watermark: Watermark): Promise<void> {
    return callStore(this.#parties, {
      name: 'set watermark',
      act: () => this.#memory.setWatermark(watermark),
      isCommit: true,
    });
  }

  /** What is only shown is read at once: that is quicker, and nothing is decided by it. */
  #read<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    return this.#parties.process.isAlive ? act() : new Promise(() => undefined);
  }
}
