import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Heard, mergeRollup, NOTHING_HEARD } from '../../lib/domain/rollup.ts';

const RUNS = 1_000;

/** What a version of a thing says is decided by its version: a version is written once. */
const countsOf = (version: number) => (version * 7) % 11;

const version = fc.integer({ min: 1, max: 6 });
const place = fc.constantFrom('ber', 'par', 'rom');
const region = fc.constantFrom('us-east-1', 'eu-west-1');

const product = version.map(
  (at): Heard => ({
    ...NOTHING_HEARD,
    product: { status: at % 2 === 0 ? 'archived' : 'active', safetyStock: countsOf(at), version: at },
  }),
);
const stock = fc.tuple(place, version).map(
  ([locationId, at]): Heard => ({
    ...NOTHING_HEARD,
    stocks: [
      { locationId, region: 'us-east-1', onHand: countsOf(at), keptBack: at, shortage: at % 2, version: at },
    ],
  }),
);
const quota = fc.tuple(place, region, fc.constantFrom(0, 1), version).map(
  ([locationId, where, shard, at]): Heard => ({
    ...NOTHING_HEARD,
    quotas: [
      { locationId, region: where, shard, available: countsOf(at), promised: countsOf(at + 1), version: at },
    ],
  }),
);
const reservation = fc.tuple(fc.constantFrom('r1', 'r2', 'r3'), version).map(
  ([id, at]): Heard => ({
    ...NOTHING_HEARD,
    recent: [{ id, version: at, seenAtMs: at, committed: [{ locationId: 'ber', units: countsOf(at) }] }],
  }),
);

const history = fc.array(fc.oneof(product, stock, quota, reservation), { maxLength: 40, size: 'max' });

/** A history as it may be delivered: every piece of news at least once, in any order. */
const deliveries = history.chain((news) =>
  fc.record({
    news: fc.constant(news),
    first: fc.shuffledSubarray(news, { minLength: news.length }),
    again: fc.shuffledSubarray(news),
  }),
);

const follow = (news: readonly Heard[]): Heard =>
  news.reduce((known, one) => mergeRollup(known, one), NOTHING_HEARD);

/** The newest of each thing, found without the merge. */
function newestOf(news: readonly Heard[]): Heard {
  const best = <Entry extends { readonly version: number }>(
    entries: readonly Entry[],
    nameOf: (entry: Entry) => string,
  ): Entry[] => {
    const groups = Map.groupBy(entries, nameOf);
    return [...groups.keys()].sort().map((name) => {
      const group = groups.get(name) ?? [];
      return group.reduce((a, b) => (b.version > a.version ? b : a));
    });
  };
  const products = news.flatMap((one) => one.product ?? []);
  const [newest] = best(products, () => 'product');
  return {
    ...(newest === undefined ? {} : { product: newest }),
    stocks: best(
      news.flatMap(({ stocks }) => stocks),
      ({ locationId }) => locationId,
    ),
    quotas: best(
      news.flatMap(({ quotas }) => quotas),
      (entry) => `${entry.locationId}#${entry.region}#${entry.shard}`,
    ),
    recent: best(
      news.flatMap(({ recent }) => recent),
      ({ id }) => id,
    ),
  };
}

describe('a rollup', () => {
  it('is the newest of each thing, in whatever order and however often its news come', () => {
    const property = fc.property(deliveries, ({ news, first, again }) => {
      expect(follow([...first, ...again])).toEqual(newestOf(news));
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('is the same however news are grouped', () => {
    const property = fc.property(history, history, history, (a, b, c) => {
      const [x, y, z] = [follow(a), follow(b), follow(c)];
      expect(mergeRollup(mergeRollup(x, y), z)).toEqual(mergeRollup(x, mergeRollup(y, z)));
      expect(mergeRollup(x, y)).toEqual(mergeRollup(y, x));
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('stays as it is when nothing is news', () => {
    const property = fc.property(deliveries, ({ news, again }) => {
      const known = follow(news);
      const merged = follow([known, ...again]);
      const after = mergeRollup(known, follow(again));
      expect(merged).toEqual(known);
      expect(after.stocks).toBe(known.stocks);
      expect(after.quotas).toBe(known.quotas);
      expect(after.recent).toBe(known.recent);
      expect(after.product).toBe(known.product);
    });
    fc.assert(property, { numRuns: RUNS });
  });
});
