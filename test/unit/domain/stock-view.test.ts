import { describe, expect, it } from 'vitest';
import { NOTHING_HEARD, RECENT_MAX, RECENT_MS, recentOf } from '../../../lib/domain/rollup.ts';
import { levelEvents, levelOf } from '../../../lib/domain/stock-level.ts';
import { availableByRegion, committedUnits, stockOf } from '../../../lib/domain/stock-view.ts';
import type { SeenClaim } from '../../../lib/domain/unit-claims.ts';

const US = 'us-east-1';
const EU = 'eu-west-1';

const stock = (locationId: string, onHand: number, keptBack = 0) => ({
  locationId,
  region: US,
  onHand,
  keptBack,
  shortage: 0,
  version: 1,
});
const quota = (locationId: string, region: string, available: number, promised = 0) => ({
  locationId,
  region,
  shard: 0,
  available,
  promised,
  version: 1,
});

describe('stock', () => {
  it('adds up the quotas of every region at each location', () => {
    const view = {
      stocks: [stock('par', 12, 2), stock('ber', 5)],
      quotas: [quota('ber', US, 5), quota('par', US, 3, 4), quota('par', EU, 1, 2)],
      committed: [{ locationId: 'par', units: 5 }],
    };
    expect(stockOf(view)).toEqual([
      {
        locationId: 'ber',
        region: US,
        onHand: 5,
        available: 5,
        held: 0,
        committed: 0,
        keptBack: 0,
        shortage: 0,
      },
      {
        locationId: 'par',
        region: US,
        onHand: 12,
        available: 4,
        held: 1,
        committed: 5,
        keptBack: 2,
        shortage: 0,
      },
    ]);
    expect(availableByRegion(view, [US, EU, 'ap-northeast-1'])).toEqual([
      { region: US, available: 8 },
      { region: EU, available: 1 },
      { region: 'ap-northeast-1', available: 0 },
    ]);
  });

  it('never shows more units committed than are promised, nor fewer than none held', () => {
    const view = {
      stocks: [],
      quotas: [quota('ber', EU, 1, 2)],
      committed: [{ locationId: 'ber', units: 9 }],
    };
    expect(stockOf(view)).toMatchObject([{ region: EU, onHand: 0, available: 1, held: 0, committed: 2 }]);
  });
});

describe('committed units', () => {
  const claim = (id: string, status: SeenClaim['status'], units: number): SeenClaim => ({
    id,
    status,
    expiresAtMs: 1,
    claims: [
      { sku: 'shirt', locationId: 'ber', units },
      { sku: 'shoe', locationId: 'ber', units: 100 },
    ],
  });
  const seen = (id: string, units: number) => ({
    id,
    version: 2,
    seenAtMs: 1,
    committed: units === 0 ? [] : [{ locationId: 'par', units }],
  });

  it('are those of confirmed reservations, of the sku alone', () => {
    const claims = [claim('a', 'held', 1), claim('b', 'confirmed', 2), claim('c', 'partially_shipped', 4)];
    expect(committedUnits(claims, 'shirt')).toEqual([{ locationId: 'ber', units: 6 }]);
  });

  it('are what a reservation said last, whatever the index shows of it', () => {
    const claims = [claim('confirmed since', 'held', 1), claim('shipped since', 'confirmed', 2)];
    const recent = [seen('confirmed since', 8), seen('shipped since', 0), seen('not shown yet', 16)];
    expect(committedUnits(claims, 'shirt', recent)).toEqual([{ locationId: 'par', units: 24 }]);
  });

  it('are remembered beside the index for a while, and the last ones only', () => {
    const at = (index: number) => ({ ...seen(`r${index}`, 1), seenAtMs: index });
    expect(recentOf([at(1), at(2)], RECENT_MS + 1)).toEqual([at(2)]);
    const many = Array.from({ length: RECENT_MAX + 2 }, (_, index) => at(index));
    expect(recentOf(many, RECENT_MAX)).toEqual(many.slice(2));
  });
});

describe('a level', () => {
  const product = { status: 'active' as const, safetyStock: 3, version: 1 };
  const heard = (...available: number[]) => ({
    ...NOTHING_HEARD,
    product,
    stocks: [stock('ber', 1), stock('par', 1)],
    quotas: available.map((units, index) => quota('ber', `region-${index}`, units)),
  });

  it.each([
    [[], undefined],
    [[0], 'out'],
    [[0, 0], 'out'],
    [[0, 1], 'low'],
    [[5], 'low'],
    [[6], 'in'],
    [[3, 3], 'in'],
  ])('of %j available and a safety stock of 3 at 2 locations is %s', (available, level) => {
    expect(levelOf(heard(...available))).toBe(level);
  });

  it('without a safety stock is never low', () => {
    expect(levelOf({ ...heard(1), product: { ...product, safetyStock: 0 } })).toBe('in');
  });

  it.each([
    [undefined, 'out', 3, []],
    [undefined, 'in', 3, []],
    ['in', 'in', 3, []],
    ['out', 'out', 3, []],
    ['in', 'low', 3, ['stock.low']],
    ['in', 'out', 3, ['stock.low', 'stock.out']],
    ['in', 'out', 0, ['stock.out']],
    ['low', 'out', 3, ['stock.out']],
    ['low', 'in', 3, []],
    ['out', 'low', 3, ['stock.back']],
    ['out', 'in', 3, ['stock.back']],
  ] as const)('from %s to %s with a safety stock of %i means %j', (before, after, safetyStock, events) => {
    expect(levelEvents(before, after, safetyStock)).toEqual(events);
  });
});
