import type { Consistency, PutRollup, ReadModel, Watermark } from '../application/ports.ts';
import type { Rollup, RollupKey } from '../domain/rollup.ts';
import { frozenCopy } from './frozen-records.ts';

const idOf = ({ tenantId, sku }: RollupKey): string => `${tenantId}#${sku}`;

/** @param before what was there */
export type RollupListener = (before: Rollup | undefined, after: Rollup) => void;

/** The read model of one region on a Map. Everything it returns is frozen. */
export class MemoryReadModel implements ReadModel {
  readonly #rollups = new Map<string, Rollup>();
  readonly #listeners: RollupListener[] = [];
  #watermark: Watermark | undefined;

  async get(key: RollupKey, _consistency: Consistency): Promise<Rollup | undefined> {
    return this.#rollups.get(idOf(key));
  }

  async getMany(keys: readonly RollupKey[]): Promise<readonly (Rollup | undefined)[]> {
    return keys.map((key) => this.#rollups.get(idOf(key)));
  }

  async put(rollup: Rollup): Promise<PutRollup> {
    const there = this.#rollups.get(idOf(rollup));
    if ((there?.version ?? 0) !== rollup.version - 1) return { outcome: 'refused', there };
    this.#rollups.set(idOf(rollup), frozenCopy(rollup) as Rollup);
    for (const listener of this.#listeners) listener(there, rollup);
    return { outcome: 'stored' };
  }

  async watermark(): Promise<Watermark | undefined> {
    return this.#watermark;
  }

  async setWatermark(watermark: Watermark): Promise<void> {
    if (this.#watermark !== undefined && this.#watermark.writtenAtMs >= watermark.writtenAtMs) return;
    this.#watermark = watermark;
  }

  /** Hears of every rollup that is stored. */
  onPut(listener: RollupListener): void {
    this.#listeners.push(listener);
  }

  /** All rollups, in no order: for those who look at it from outside. */
  all(): readonly Rollup[] {
    return [...this.#rollups.values()];
  }
}
