import { itemKey, keyText } from '../../adapters/dynamodb/keys.ts';
import type { Commit } from '../../application/ports.ts';
import type { EntityName } from '../../domain/entities.ts';
import type { GuardedWrite } from '../../domain/guarded-write.ts';
import { MemoryStore, type MemoryStoreOptions } from '../memory-store.ts';
import type { SeededRandom } from '../random.ts';
import type { VirtualTime } from '../virtual-time.ts';
import { CONFLICT_ATTEMPTS_MAX, CONFLICT_TIME_MAX_MS, CONFLICT_WAIT_MS } from './assumptions.ts';
import { PartitionModel } from './partition-model.ts';

/** Items that several requests write at once. All others belong to one request, and meet nobody. */
const WANTED_BY_MANY: ReadonlySet<EntityName> = new Set(['quota', 'stock', 'demand', 'product']);

export interface PartitionedOptions extends MemoryStoreOptions {
  readonly time: VirtualTime;
  readonly random: SeededRandom;
}

/** A store whose commits take time and meet each other, as those of DynamoDB do; the adapter tries them again. */
export class PartitionedStore extends MemoryStore {
  readonly model = new PartitionModel();
  readonly #time: VirtualTime;
  readonly #random: SeededRandom;

  constructor(region: string, { time, random, ...options }: PartitionedOptions) {
    super(region, { now: () => time.now(), ...options });
    this.#time = time;
    this.#random = random;
  }

  override async commit(writes: readonly GuardedWrite[]): Promise<Commit> {
    const ids = writes.flatMap(({ entity, key }) =>
      WANTED_BY_MANY.has(entity) ? keyText(itemKey(entity, key as never)) : [],
    );
    const isTransaction = writes.length > 1;
    const deadlineMs = this.#time.now() + CONFLICT_TIME_MAX_MS;
    for (let attempt = 1; attempt <= CONFLICT_ATTEMPTS_MAX; attempt += 1) {
      const lastsMs = this.model.begin({ ids, isTransaction }, this.#time.now());
      if (lastsMs !== undefined) {
        if (lastsMs > 0) await this.#time.sleep(lastsMs);
        return super.commit(writes);
      }
      const boundMs = Math.min(CONFLICT_WAIT_MS.most, CONFLICT_WAIT_MS.first * 2 ** attempt);
      const waitMs = this.#random.fraction() * boundMs;
      if (this.#time.now() + waitMs > deadlineMs) break;
      await this.#time.sleep(waitMs);
    }
    return { outcome: 'contended' };
  }
}
