import { beforeEach, describe, expect, it } from 'vitest';
import {
  type ChangeEvent,
  type ChangesOptions,
  completeChanges,
  type StreamedRecord,
} from '../../../lib/application/complete-changes.ts';
import { type RecordChange, type Store, StoreUnavailableError } from '../../../lib/application/ports.ts';
import { ABSENT } from '../../../lib/domain/guarded-write.ts';
import { US as GIVER, Regions, EU as TAKER } from '../../support/regions.ts';
import { grantRecord } from '../../support/stored-records.ts';

let world: Regions;
let events: ChangeEvent[];
let followed: number;

beforeEach(async () => {
  world = new Regions();
  events = [];
  followed = 0;
  // Three grants have arrived by replication.
  for (const grantId of ['a', 'b', 'c']) {
    const record = grantRecord({ grantId, from: GIVER, to: TAKER, quantity: 5 });
    await world
      .store(TAKER)
      .commit([{ entity: 'grant', key: record, conditions: [ABSENT], effect: { does: 'put', record } }]);
  }
});

const changeOf = (grantId: string): RecordChange => ({
  entity: 'grant',
  after: grantRecord({ grantId, from: GIVER, to: TAKER }),
});

const recordOf = (grantId: string): StreamedRecord => ({
  position: `at ${grantId}`,
  recordKey: `key ${grantId}`,
  committedAtMs: world.clock.now(),
  change: changeOf(grantId),
});

const RECORDS = ['a', 'b', 'c'];

const complete = (
  records: readonly StreamedRecord[],
  { store = world.in(TAKER).store, ...options }: Partial<ChangesOptions> & { store?: Store } = {},
) =>
  completeChanges({ ...world.in(TAKER), store }, records, {
    deadlineMs: Number.POSITIVE_INFINITY,
    followDemand: async (changes) => {
      followed += changes.length;
    },
    report: (event) => events.push(event),
    ...options,
  });

const available = async () => {
  const key = { tenantId: 'tenant', sku: 'sku', locationId: 'location', region: TAKER, shard: 0 };
  return (await world.in(TAKER).store.get('quota', key))?.available;
};

/** The store, but the commits that touch a grant's acceptance fail. */
const failingOn = (grantId: string, failure: () => Promise<never>): Store => {
  const { store } = world.in(TAKER);
  return new Proxy(store, {
    get: (target, name: keyof Store) =>
      name === 'commit'
        ? (writes: Parameters<Store['commit']>[0]) =>
            writes.some((write) => write.entity === 'acceptance' && write.key.grantId === grantId)
              ? failure()
              : target.commit(writes)
        : (target[name] as (...given: unknown[]) => unknown).bind(target),
  });
};

const unavailable = () => Promise.reject(new StoreUnavailableError('Away'));
const broken = () => Promise.reject(new TypeError('x is not a function'));
const contended = async () => ({ outcome: 'contended' }) as never;

describe('a batch of changes', () => {
  it('is completed, and its demand is followed', async () => {
    expect(await complete(RECORDS.map(recordOf))).toBeUndefined();
    expect([await available(), followed, events]).toEqual([15, 3, []]);
  });

  it('may be shown twice', async () => {
    await complete(RECORDS.map(recordOf));
    expect(await complete(RECORDS.map(recordOf))).toBeUndefined();
    expect(await available()).toBe(15);
  });

  it.each([
    ['the database is away', unavailable],
    ['others are in the way', contended],
  ])('ends where %s: that change and all behind it are shown again', async (_case, failure) => {
    const position = await complete(RECORDS.map(recordOf), { store: failingOn('b', failure) });
    expect([position, await available(), followed]).toEqual(['at b', 5, 1]);
    expect(events).toMatchObject([{ event: 'postponed', count: 2, error: expect.any(Error) }]);
  });

  it('ends when its time is over, but never without having completed one', async () => {
    const position = await complete(RECORDS.map(recordOf), { deadlineMs: world.clock.now() });
    expect([position, await available(), followed]).toEqual(['at b', 5, 0]);
    expect(events).toEqual([{ event: 'postponed', count: 2 }]);
  });

  it('passes over a record that cannot be read, and says which', async () => {
    const fault = new Error('malformed');
    const poison = { position: 'at p', recordKey: 'key p', committedAtMs: 0, fault };
    expect(await complete([poison, ...RECORDS.map(recordOf)])).toBeUndefined();
    expect(await available()).toBe(15);
    expect(events).toEqual([{ event: 'unreadable', recordKey: 'key p', error: fault }]);
  });

  it('throws what is a bug, and after a quarter of an hour passes over what it happens to', async () => {
    const records = RECORDS.map(recordOf);
    const store = failingOn('b', broken);
    await expect(complete(records, { store })).rejects.toThrow(TypeError);
    world.clock.advance(15 * 60_000);
    expect(await complete(records, { store })).toBeUndefined();
    expect(await available()).toBe(10);
    expect(events).toEqual([{ event: 'given_up', recordKey: 'key b', error: expect.any(TypeError) }]);
  });

  it('never gives up what the database or others stand in the way of', async () => {
    const records = RECORDS.map(recordOf);
    world.clock.advance(24 * 3_600_000);
    expect(await complete(records, { store: failingOn('a', unavailable) })).toBe('at a');
  });

  it('is completed although its demand cannot be followed', async () => {
    const followDemand = () => Promise.reject(new TypeError('x is not a function'));
    expect(await complete(RECORDS.map(recordOf), { followDemand })).toBeUndefined();
    expect(events).toMatchObject([{ event: 'demand_not_followed' }]);
  });
});
