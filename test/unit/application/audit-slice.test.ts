import { beforeEach, describe, expect, it } from 'vitest';
import { auditSlice, type SliceOptions } from '../../../lib/application/audit-slice.ts';
import type { CheckRollup, Judgement } from '../../../lib/application/find-drift.ts';
import { type Dependencies, type Store, StoreUnavailableError } from '../../../lib/application/ports.ts';
import { stockDriftData } from '../../../lib/contracts/events/stock-drift.ts';
import type { Unsent } from '../../../lib/domain/unsent.ts';
import { storeAll } from '../../support/guarded-writes.ts';
import { AP, EU, Regions, US } from '../../support/regions.ts';
import {
  locationRecord,
  movementRecord,
  productRecord,
  quotaRecord,
  stockRecord,
} from '../../support/stored-records.ts';
import { createWorld, REGION, type World } from '../../support/world.ts';

type Faulty = { [Method in keyof Store]?: Store[Method] };

/** Methods of the store that do something else than it does. */
let faults: Faulty;
let world: World;
let reports: Judgement[];
/** Products that were looked at, once for each judgement that began. */
let begun: string[];

const withFaults = (store: Store): Store =>
  new Proxy(store, {
    get: (target, name: keyof Store) =>
      faults[name] ?? (target[name] as (...given: unknown[]) => unknown).bind(target),
  });

beforeEach(() => {
  faults = {};
  reports = [];
  begun = [];
  world = createWorld({ wrap: withFaults });
});

/** A product with units at one location, all in order unless fields say otherwise. */
async function stock(
  sku: string,
  wrong: { onHand?: number; promised?: number } = {},
  to: Store = world.store,
) {
  const { onHand = 5, promised = 0 } = wrong;
  await storeAll(
    to,
    ['product', productRecord({ sku })],
    ['stock', stockRecord({ sku, onHand })],
    ['quota', quotaRecord({ sku, available: 5, promised })],
    ['movement', movementRecord({ sku, movementId: sku, delta: 5, quantity: 5, onHandAfter: 5 })],
  );
}

const seeing: CheckRollup = async ({ sku }) => {
  begun.push(sku);
  return [];
};

const run = (options: Partial<SliceOptions> = {}, deps: Dependencies = world) =>
  auditSlice(deps, {
    deadlineMs: deps.clock.now() + 240_000,
    report: (judgement) => reports.push(judgement),
    checkRollup: seeing,
    ...options,
  });

async function eventsIn(store: Store) {
  const { unsent } = await store.dueWork(Date.parse('2100-01-01T00:00:00.000Z'));
  return unsent.map(({ channel, message }: Unsent) => ({ channel, ...JSON.parse(message) }));
}

describe('a slice of the audit', () => {
  it('goes through everything and begins again', async () => {
    for (const sku of ['a', 'b', 'c']) await stock(sku);
    const everything = { checked: 3, drifts: 0, skipped: 0, stopped: 'end' };
    await expect(run()).resolves.toEqual(everything);
    await expect(run()).resolves.toEqual(everything);
    expect(begun).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
    expect(reports).toEqual([]);
    expect(await eventsIn(world.store)).toEqual([]);
  });

  it('reports a drift with its cause, as an event that the sweep will send', async () => {
    await stock('a');
    await stock('lost', { onHand: 4 });
    await stock('doubled', { promised: 2 });
    await expect(run()).resolves.toMatchObject({ checked: 3, drifts: 2, skipped: 0 });
    const events = await eventsIn(world.store);
    const lost = events.find(({ data }) => data.sku === 'lost');
    expect(lost).toMatchObject({
      channel: 'events',
      type: 'stock.drift',
      tenantId: 'tenant',
      region: REGION,
      subject: `lost/~audit/${REGION}`,
      sequence: lost.occurredAtMs,
      data: {
        violations: [
          'location: onHand 4 + shortage 0 is not keptBack 0 + available 5 + promised 0 + inTransit 0 + unbooked 0',
          "location: onHand 4 is not the ledger's sum 5",
        ],
        discrepancies: [
          { locationId: 'location', rule: 'units', found: 4, expected: 5 },
          { locationId: 'location', rule: 'ledger', figure: 'onHand', found: 4, expected: 5 },
        ],
      },
    });
    for (const { data } of events) expect(() => stockDriftData.parse(data)).not.toThrow();
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(reports).toContainEqual(
      expect.objectContaining({
        sku: 'doubled',
        found: 'drift',
        discrepancies: [
          expect.objectContaining({ rule: 'units', found: 5, expected: 7 }),
          expect.objectContaining({ rule: 'promises', found: 2, expected: 0 }),
        ],
      }),
    );
  });

  it('reports stock of a product that is not there', async () => {
    await storeAll(world.store, ['stock', stockRecord({ sku: 'orphan' })]);
    await run();
    expect(reports).toMatchObject([{ found: 'drift', discrepancies: [{ rule: 'missing_product' }] }]);
  });

  it('reports a difference of the read model only when it stays', async () => {
    await stock('a');
    const stale = {
      locationId: 'location',
      rule: 'read_model',
      figure: 'onHand',
      found: 4,
      expected: 5,
      sentence: 'location: 4 instead of 5',
    } as const;
    let lagging = 1;
    const checkRollup: CheckRollup = async () => (lagging-- > 0 ? [stale] : []);
    await expect(run({ checkRollup })).resolves.toMatchObject({ drifts: 0 });
    lagging = 2;
    await expect(run({ checkRollup })).resolves.toMatchObject({ drifts: 1 });
  });
});

describe('what only a busy moment shows', () => {
  it('is no drift when it is gone after a pause', async () => {
    await stock('a');
    const beforeMs = world.clock.now();
    // Two passes agree on what is wrong; whoever was at it then finishes.
    let passes = 2;
    faults.ledgerSums = async () => new Map([['location', passes-- > 0 ? 4 : 5]]);
    await expect(run()).resolves.toMatchObject({ checked: 1, drifts: 0, skipped: 0 });
    expect(world.clock.now() - beforeMs).toBe(5_000);
  });

  it('is skipped when it never holds still', async () => {
    await stock('a');
    let sum = 10;
    faults.ledgerSums = async () => new Map([['location', sum++]]);
    await expect(run()).resolves.toMatchObject({ checked: 0, drifts: 0, skipped: 1 });
    expect(reports).toMatchObject([{ sku: 'a', found: 'skipped', why: 'busy' }]);
  });
});

describe('a walk of many runs', () => {
  const skus = Array.from({ length: 600 }, (_, index) => `sku-${index}`);
  beforeEach(async () => {
    const records = skus.flatMap((sku) => [
      ['product', productRecord({ sku })] as const,
      ['stock', stockRecord({ sku })] as const,
    ]);
    await storeAll(world.store, ...records);
  });

  it('looks at each product once, a bounded number in each run', async () => {
    const runs = [];
    while (runs.length < 20 && runs.at(-1)?.stopped !== 'end') runs.push(await run({ skusMax: 80 }));
    expect(runs.map(({ checked }) => checked)).toEqual([...Array(7).fill(80), 40]);
    expect(begun.toSorted()).toEqual(skus.toSorted());
    expect(runs.at(-1)?.stopped).toBe('end');
  });

  it('ends in time, wherever it is', async () => {
    faults.claimsOn = async () => {
      world.clock.advance(100);
      return { reservations: [], unbookedShipments: [] };
    };
    const startMs = world.clock.now();
    const first = await run({ deadlineMs: startMs + 30_000 });
    expect(first.stopped).toBe('bound');
    // Eight are under way at once, and each is read twice.
    expect(world.clock.now() - startMs).toBeLessThanOrEqual(30_000 + 8 * 2 * 100);
    delete faults.claimsOn;
    const second = await run();
    expect(first.checked + second.checked).toBe(600);
    expect(begun.toSorted()).toEqual(skus.toSorted());
  });

  it('goes on where it was when a run dies', async () => {
    let reads = 0;
    const { ownStocks } = world.store;
    faults.ownStocks = async (page) => {
      reads += 1;
      if (reads === 3) throw new Error('killed');
      return ownStocks(page);
    };
    await expect(run()).rejects.toThrow('killed');
    expect(begun).toHaveLength(500);
    await expect(run()).resolves.toMatchObject({ checked: 100, stopped: 'end' });
    expect(begun.toSorted()).toEqual(skus.toSorted());
  });

  it('leaves the way to another run that is at it', async () => {
    let isFirst = true;
    const checkRollup: CheckRollup = async () => {
      if (isFirst) {
        isFirst = false;
        await run({ skusMax: 8 });
      }
      return [];
    };
    await expect(run({ checkRollup })).resolves.toMatchObject({ stopped: 'overtaken' });
  });

  it('passes over a product that cannot be read', async () => {
    const { readSku } = world.store;
    faults.readSku = async (tenantId, sku, consistency) => {
      if (sku === 'sku-7') throw new TypeError('malformed');
      return readSku(tenantId, sku, consistency);
    };
    await expect(run()).resolves.toMatchObject({ checked: 599, skipped: 1, stopped: 'end' });
    expect(reports).toMatchObject([{ sku: 'sku-7', why: 'failed', error: new TypeError('malformed') }]);
  });
});

describe('where a region is out of reach', () => {
  it('nothing is judged, and nothing called a drift', async () => {
    const regions = new Regions();
    const us = regions.store(US);
    await storeAll(us, ['location', locationRecord({ region: US })]);
    await stock('a', { onHand: 4 }, us);
    regions.cutOff(AP);
    const options = {
      deadlineMs: regions.clock.now() + 240_000,
      report: (one: Judgement) => reports.push(one),
    };
    await expect(auditSlice(regions.in(US), options)).resolves.toMatchObject({
      checked: 0,
      drifts: 0,
      skipped: 1,
    });
    expect(reports).toMatchObject([{ sku: 'a', found: 'skipped', why: 'out_of_reach' }]);
    regions.rejoin(AP);
    await expect(auditSlice(regions.in(US), options)).resolves.toMatchObject({ checked: 1, drifts: 1 });
    await expect(auditSlice(regions.in(EU), options)).resolves.toMatchObject({ checked: 0, stopped: 'end' });
  });

  it('the run fails when it is its own', async () => {
    faults.ownStocks = () => Promise.reject(new StoreUnavailableError('gone', { effect: 'none' }));
    await expect(run()).rejects.toThrow('gone');
  });
});
