import type { Rollup, RollupKey } from '../domain/rollup.ts';
import type { Clock, ReadModel, SeenStock, StockDirectory, Watermark } from './ports.ts';

/** How long a rollup is remembered: what a caller is told is a second older than the read model at most. */
const REMEMBERED_MS = 1000;

/** Skus remembered in one environment; the oldest is forgotten first. A rollup is 1 to 10 KB. */
const SKUS_MAX = 1000;

/**
 * A sign of life is written every five seconds. When the last one that came through was written longer ago than
 * this, two were missed, and nothing is known of what was written since.
 */
const FRESH_MS = 15_000;

interface Remembered {
  readonly seen: Promise<SeenStock | undefined>;
  /** Set when the read has ended: a read that takes longer than a second must not begin anew at once. */
  readAtMs?: number;
  /** The newest that was ever read; an eventual read may bring an older one. */
  newest?: SeenStock | undefined;
}

/** Whether the stream has brought a sign of life lately. */
export const isFresh = ({ writtenAtMs }: Watermark, nowMs: number): boolean =>
  nowMs - writtenAtMs <= FRESH_MS;

/** How new a rollup is at least: what the region had heard by then is in it. */
function asOf(rollup: Rollup, watermark: Watermark | undefined, readAtMs: number): number {
  if (watermark === undefined) return Math.min(rollup.asOfMs, readAtMs);
  const { writtenAtMs, seenAtMs } = watermark;
  return Math.min(readAtMs, isFresh(watermark, readAtMs) ? readAtMs - (seenAtMs - writtenAtMs) : writtenAtMs);
}

/** Remembers one thing for a second, with one read in flight. A failed read is not remembered. */
function remembering<Value>(clock: Clock, read: () => Promise<Value>): () => Promise<Value> {
  let known: { readonly value: Promise<Value>; readAtMs?: number } | undefined;
  return () => {
    if (known !== undefined && clock.now() - (known.readAtMs ?? clock.now()) < REMEMBERED_MS)
      return known.value;
    const entry: { readonly value: Promise<Value>; readAtMs?: number } = { value: read() };
    known = entry;
    entry.value.then(
      () => {
        entry.readAtMs = clock.now();
      },
      () => {
        if (known === entry) known = undefined;
      },
    );
    return entry.value;
  };
}

const idOf = ({ tenantId, sku }: RollupKey): string => `${tenantId}#${sku}`;

const newer = (a: SeenStock | undefined, b: SeenStock | undefined): SeenStock | undefined =>
  a !== undefined && (b === undefined || b.rollup.version < a.rollup.version) ? a : b;

/** Rollups remembered for a second, with one read in flight for each. */
class StockMemory {
  readonly #clock: Clock;
  readonly #watermark: () => Promise<Watermark | undefined>;
  readonly #remembered = new Map<string, Remembered>();

  constructor(readModel: ReadModel, clock: Clock) {
    this.#clock = clock;
    this.#watermark = remembering(clock, () => readModel.watermark());
  }

  /** What is remembered, or is being read. */
  fresh(key: RollupKey): Promise<SeenStock | undefined> | undefined {
    const known = this.#remembered.get(idOf(key));
    const nowMs = this.#clock.now();
    const isFresh = known !== undefined && nowMs - (known.readAtMs ?? nowMs) < REMEMBERED_MS;
    return isFresh ? known.seen : undefined;
  }

  remember(key: RollupKey, reading: Promise<Rollup | undefined>): Promise<SeenStock | undefined> {
    const id = idOf(key);
    const before = this.#remembered.get(id)?.newest;
    const seen = this.#see(reading, before);
    const entry: Remembered = { seen, newest: before };
    this.#remembered.delete(id);
    this.#remembered.set(id, entry);
    const forget = () => {
      if (this.#remembered.get(id) === entry) this.#remembered.delete(id);
    };
    seen.then((found) => {
      entry.readAtMs = this.#clock.now();
      entry.newest = found;
      // What is not there yet may be there in a moment, and whoever asks for it reads more than this anyway.
      if (found === undefined) forget();
    }, forget);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > SKUS_MAX && oldest !== undefined) this.#remembered.delete(oldest);
    return seen;
  }

  async #see(
    reading: Promise<Rollup | undefined>,
    before: SeenStock | undefined,
  ): Promise<SeenStock | undefined> {
    const startedAtMs = this.#clock.now();
    const [rollup, watermark] = await Promise.all([reading, this.#watermark()]);
    return newer(before, rollup && { rollup, asOfMs: asOf(rollup, watermark, startedAtMs) });
  }
}

/**
 * Remembers what the read model says of a sku for a second, with one read in flight for each: a product page that a
 * thousand shoppers look at costs one read a second in each environment.
 */
export function createStockDirectory(readModel: ReadModel, clock: Clock): StockDirectory {
  const memory = new StockMemory(readModel, clock);
  return {
    of(tenantId, sku) {
      const key = { tenantId, sku };
      return memory.fresh(key) ?? memory.remember(key, readModel.get(key, 'eventual'));
    },
    many(tenantId, skus) {
      const keys = skus.map((sku) => ({ tenantId, sku }));
      const byId = new Map(keys.map((key) => [idOf(key), key]));
      const missing = [...byId.values()].filter((key) => memory.fresh(key) === undefined);
      const found = missing.length === 0 ? Promise.resolve([]) : readModel.getMany(missing);
      const reads = new Map(
        missing.map((key, index) => [
          key.sku,
          memory.remember(
            key,
            found.then((all) => all[index]),
          ),
        ]),
      );
      return Promise.all(keys.map((key) => reads.get(key.sku) ?? memory.fresh(key)));
    },
  };
}
