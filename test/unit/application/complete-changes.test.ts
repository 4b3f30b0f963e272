import { beforeEach, describe, expect, it } from 'vitest';
import { type Store, StoreUnavailableError } from '../../../lib/application/ports.ts';
import type { StreamedRecord } from '../../../lib/application/streamed-record.ts';
import { ABSENT } from '../../../lib/domain/guarded-write.ts';
import { Consumer, storeWith } from '../../support/changes.ts';
import { US as GIVER, EU as TAKER } from '../../support/regions.ts';
import { grantRecord } from '../../support/stored-records.ts';

let consumer: Consumer;

beforeEach(async () => {
  consumer = new Consumer(TAKER);
  // Three grants have arrived by replication.
  for (const grantId of ['a', 'b', 'c']) {
    const record = grantRecord({ grantId, from: GIVER, to: TAKER, quantity: 5 });
    await consumer.regions
      .store(TAKER)
      .commit([{ entity: 'grant', key: record, conditions: [ABSENT], effect: { does: 'put', record } }]);
  }
});

const recordOf = (grantId: string): StreamedRecord =>
  consumer.record({ entity: 'grant', after: grantRecord({ grantId, from: GIVER, to: TAKER }) }, grantId);

const grants = (): StreamedRecord[] => ['a', 'b', 'c'].map(recordOf);

const available = async () => {
  const key = { tenantId: 'tenant', sku: 'sku', locationId: 'location', region: TAKER, shard: 0 };
  return (await consumer.deps.store.get('quota', key))?.available;
};

/** The store, but the commits that touch a grant's acceptance fail. */
const failingOn = (grantId: string, failure: () => Promise<never>): Store => {
  const { store } = consumer.deps;
  return storeWith(store, {
    commit: (writes) =>
      writes.some((write) => write.entity === 'acceptance' && write.key.grantId === grantId)
        ? failure()
        : store.commit(writes),
  });
};

const unavailable = () => Promise.reject(new StoreUnavailableError('Away'));
const broken = () => Promise.reject(new TypeError('x is not a function'));
const contended = async () => ({ outcome: 'contended' }) as never;

describe('a batch of changes', () => {
  it('is completed, and its demand is followed', async () => {
    expect(await consumer.complete(grants())).toMatchObject({ failed: [], parked: 0 });
    expect([await available(), consumer.followed, consumer.events]).toEqual([15, 3, []]);
  });

  it('may be shown twice, and in any order', async () => {
    const records = grants();
    await consumer.complete(records.toReversed());
    expect(await consumer.complete([...records, ...records])).toMatchObject({ failed: [] });
    expect(await available()).toBe(15);
  });

  it.each([
    ['the database is away', unavailable],
    ['others are in the way', contended],
  ])('goes on where %s: only that change is shown again', async (_case, failure) => {
    const { failed } = await consumer.complete(grants(), { store: failingOn('b', failure) });
    expect([failed, await available(), consumer.followed]).toEqual([['2'], 10, 2]);
    expect(consumer.events).toMatchObject([{ event: 'postponed', count: 1, error: expect.any(Error) }]);
  });

  it('does not touch what stands behind a failure of the same item', async () => {
    const records = ['a', 'b', 'b', 'c', 'b'].map(recordOf);
    let tries = 0;
    const store = failingOn('b', () => {
      tries += 1;
      return unavailable();
    });
    const { failed } = await consumer.complete(records, { store });
    expect([failed, tries, await available()]).toEqual([['2', '3', '5'], 1, 10]);
  });

  it('ends when its time is over, but never without having completed one', async () => {
    const { failed } = await consumer.complete(grants(), { deadlineMs: consumer.regions.clock.now() });
    expect([failed, await available(), consumer.followed]).toEqual([['2', '3'], 5, 0]);
    expect(consumer.events).toEqual([{ event: 'postponed', count: 2 }]);
  });

  it('is completed although its demand cannot be followed', async () => {
    const followDemand = () => Promise.reject(new TypeError('x is not a function'));
    expect(await consumer.complete(grants(), { followDemand })).toMatchObject({ failed: [] });
    expect(consumer.events).toMatchObject([{ event: 'demand_not_followed' }]);
  });
});

describe('a change that a bug is in the way of', () => {
  it('is shown again for a quarter of an hour, and the others are completed', async () => {
    const { failed } = await consumer.complete(grants(), { store: failingOn('b', broken) });
    expect([failed, await available()]).toEqual([['2'], 10]);
    expect(consumer.events).toMatchObject([
      { event: 'failed', recordKey: 'b', error: expect.any(TypeError) },
      { event: 'postponed', count: 1 },
    ]);
  });

  it('is parked then, with the reason, and blocks nothing', async () => {
    const records = [...grants(), recordOf('b')];
    consumer.regions.clock.advance(15 * 60_000);
    const completed = await consumer.complete(records, { store: failingOn('b', broken) });
    expect(completed).toMatchObject({ failed: [], parked: 2 });
    expect(await available()).toBe(10);
    expect(consumer.deps.parking.parked[0]).toEqual({
      record: { position: '2' },
      recordKey: 'b',
      reason: 'TypeError: x is not a function',
    });
  });

  it('is completed when it comes from there once more', async () => {
    const [record] = [recordOf('b')];
    consumer.regions.clock.advance(24 * 3_600_000);
    await consumer.complete([record], { store: failingOn('b', broken) });
    expect(await available()).toBeUndefined();
    expect(await consumer.complete([{ ...record, position: 'message' }])).toMatchObject({ failed: [] });
    expect(await available()).toBe(5);
  });

  it('is never given up for what the database or others stand in the way of', async () => {
    const records = grants();
    consumer.regions.clock.advance(24 * 3_600_000);
    const { failed } = await consumer.complete(records, { store: failingOn('a', unavailable) });
    expect([failed, consumer.deps.parking.parked]).toEqual([['1'], []]);
  });
});

describe('a record that cannot be read', () => {
  const fault = new Error('malformed');
  const poison = () => ({
    position: 'at p',
    recordKey: 'p',
    committedAtMs: consumer.regions.clock.now(),
    raw: { poison: true },
    fault,
  });

  it('is parked at once', async () => {
    expect(await consumer.complete([poison(), ...grants()])).toMatchObject({ failed: [], parked: 1 });
    expect(await available()).toBe(15);
    expect(consumer.events).toEqual([{ event: 'unreadable', recordKey: 'p', error: fault }]);
    expect(consumer.deps.parking.parked).toEqual([
      { record: { poison: true }, recordKey: 'p', reason: 'Error: malformed' },
    ]);
  });

  it('is shown again where nothing can be parked', async () => {
    consumer.deps.parking.isOpen = false;
    expect(await consumer.complete([poison(), ...grants()])).toMatchObject({ failed: ['at p'], parked: 0 });
    expect(await available()).toBe(15);
    expect(consumer.events).toMatchObject([
      { event: 'unreadable' },
      { event: 'not_parked', recordKey: 'p' },
      { event: 'postponed', count: 1 },
    ]);
  });
});
