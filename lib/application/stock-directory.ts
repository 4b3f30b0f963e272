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

/** How new a rollup is at least: what the region had heard by then is in it. */
function asOf(rollup: Rollup, watermark: Watermark | undefined, readAtMs: number): number {
  if (watermark === undefined) return Math.min(rollup.asOfMs, readAtMs);
  const { writtenAtMs, seenAtMs } = watermark;
  const isFresh = readAtMs - writtenAtMs <= FRESH_MS;
  return Math.min(readAtMs, isFresh ? readAtMs - (seenAtMs - writtenAtMs) : writtenAtMs);
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

/**
 * Remembers what the read model says of a sku for a second, with one read in flight for each: a product page that a
 * thousand shoppers look at costs one read a second in each environment.
 */
export function createStockDirectory(readModel: ReadModel, clock: Clock): StockDirectory {
  const remembered = new Map<string, Remembered>();
  const watermark = remembering(clock, () => readModel.watermark());

  const freshOf = (id: string): Remembered | undefined => {
    const known = remembered.get(id);
    const isFresh = known !== undefined && clock.now() - (known.readAtMs ?? clock.now()) < REMEMBERED_MS;
    return isFresh ? known : undefined;
  };

  const remember = (id: string, reading: Promise<Rollup | undefined>): Promise<SeenStock | undefined> => {
    const startedAtMs = clock.now();
    const before = remembered.get(id)?.newest;
    const seen = Promise.all([reading, watermark()]).then(([rollup, mark]) => {
      const read = rollup && { rollup, asOfMs: asOf(rollup, mark, startedAtMs) };
      return newer(before, read);
    });
    const entry: Remembered = { seen, newest: before };
    remembered.delete(id);
    remembered.set(id, entry);
    const forget = () => {
      if (remembered.get(id) === entry) remembered.delete(id);
    };
    seen.then((found) => {
      entry.readAtMs = clock.now();
      entry.newest = found;
      // What is not there yet may be there in a moment, and whoever asks for it reads more than this anyway.
      if (found === undefined) forget();
    }, forget);
    const [oldest] = remembered.keys();
    if (remembered.size > SKUS_MAX && oldest !== undefined) remembered.delete(oldest);
    return seen;
  };

  return {
    of(tenantId, sku) {
      const key = { tenantId, sku };
      const id = idOf(key);
      return freshOf(id)?.seen ?? remember(id, readModel.get(key, 'eventual'));
    },
    many(tenantId, skus) {
      const missing = skus.filter((sku) => freshOf(idOf({ tenantId, sku })) === undefined);
      const unique = [...new Set(missing)];
      const found =
        unique.length === 0 ? undefined : readModel.getMany(unique.map((sku) => ({ tenantId, sku })));
      const reads = new Map(
        unique.map((sku, index) => {
          const one = (found ?? Promise.resolve([])).then((all) => all[index]);
          return [sku, remember(idOf({ tenantId, sku }), one)];
        }),
      );
      return Promise.all(
        skus.map(
          (sku) => reads.get(sku) ?? freshOf(idOf({ tenantId, sku }))?.seen ?? Promise.resolve(undefined),
        ),
      );
    },
  };
}
