import { beforeEach, describe, expect, it } from 'vitest';
import { type PageRequest, type Store, StoreUnavailableError } from '../../../lib/application/ports.ts';
import { sweep } from '../../../lib/application/sweep.ts';
import { tendRegion } from '../../../lib/application/tend-region.ts';
import type { GuardedWrite } from '../../../lib/domain/guarded-write.ts';
import type { RegionState } from '../../../lib/domain/region.ts';
import { EU, Regions, US } from '../../support/regions.ts';
import { locationRecord, quotaRecord } from '../../support/stored-records.ts';
import { createWorld, REGION } from '../../support/world.ts';

/** More than one look reads. */
const PAGES = 120;

let regions: Regions;

/** Page of the table that the quotas are in. */
let quotasAt: number;

/** A table of which most is not quotas: DynamoDB answers with empty pages, and says where to go on. */
function largeTable(): Store {
  const { store } = regions.in(US);
  const ownQuotas = async ({ limit, after = '0' }: PageRequest) => {
    const page = Number(after);
    const items = page === quotasAt ? (await store.ownQuotas({ limit })).items : [];
    return page < PAGES ? { items, next: String(page + 1) } : { items };
  };
  return new Proxy(store, {
    get: (target, name: keyof Store) =>
      name === 'ownQuotas' ? ownQuotas : (target[name] as (...given: unknown[]) => unknown).bind(target),
  });
}

const put = async (
  ...[entity, record]:
    | ['quota', ReturnType<typeof quotaRecord>]
    | ['location', ReturnType<typeof locationRecord>]
    | ['regionState', RegionState]
) => {
  const write = { entity, key: record, conditions: [], effect: { does: 'put', record } } as GuardedWrite;
  await regions.store(US).commit([write]);
};

const stateOf = async () => (await regions.store(US).get('regionState', { region: US })) as RegionState;

async function look(): Promise<RegionState> {
  regions.clock.advance(5_000);
  const store = largeTable();
  const replicas = { in: (region: string) => (region === US ? store : regions.store(region)) };
  await tendRegion({ ...regions.in(US), store, replicas });
  return stateOf();
}

beforeEach(async () => {
  regions = new Regions();
  quotasAt = PAGES;
  await put('location', locationRecord({ region: US }));
  await put('regionState', { region: US, status: 'draining', version: 1, beatAtMs: 0 });
});

describe('a drain', () => {
  it('goes on where the last look ended, until it has seen the whole table', async () => {
    await put('quota', quotaRecord({ available: 7 }));
    for (let looks = 0; looks < 3; looks += 1) expect(await look()).not.toHaveProperty('drainedAtMs');
    const key = { tenantId: 'tenant', sku: 'sku', locationId: 'location', region: EU, shard: 0 };
    expect((await regions.store(EU).get('quota', key))?.available).toBe(7);
  });

  it('is over once a whole walk has met nothing, and stays so', async () => {
    const drained: boolean[] = [];
    for (let looks = 0; looks < 6; looks += 1) drained.push((await look()).drainedAtMs !== undefined);
    expect(drained).toEqual([false, false, true, true, true, true]);
  });

  it('is not over while units are promised, and no longer when some are again', async () => {
    for (let looks = 0; looks < 3; looks += 1) await look();
    await put('quota', quotaRecord({ promised: 1 }));
    const drained: boolean[] = [];
    for (let looks = 0; looks < 6; looks += 1) drained.push((await look()).drainedAtMs !== undefined);
    expect(drained).toEqual([true, true, false, false, false, false]);
  });

  it('is not over when an earlier look of the walk has met units', async () => {
    quotasAt = 0;
    await put('quota', quotaRecord({ promised: 1 }));
    for (let looks = 0; looks < 6; looks += 1) expect(await look()).not.toHaveProperty('drainedAtMs');
  });
});

describe('a sweep whose region cannot tell how it is', () => {
  it('looks for due work all the same', async () => {
    const deps = new Regions().in(US);
    let looks = 0;
    const store = new Proxy(deps.store, {
      get: (target, name: keyof Store) => {
        if (name === 'get')
          return () => Promise.reject(new StoreUnavailableError('lost', { effect: 'none' }));
        if (name === 'dueWork') looks += 1;
        const method: unknown = target[name];
        return typeof method === 'function' ? method.bind(target) : method;
      },
    });
    await sweep({ ...deps, store, replicas: { in: () => store } }, () => undefined);
    expect(looks).toBeGreaterThan(5);
  });
});

describe('the only region', () => {
  it('gives a sign of life as any other: its read model measures by it how late it is', async () => {
    const world = createWorld();
    await tendRegion(world);
    const beat = () => world.store.get('regionState', { region: REGION });
    expect(await beat()).toMatchObject({ status: 'active', beatAtMs: world.clock.now() });
    world.clock.advance(5_000);
    await tendRegion(world);
    expect(await beat()).toMatchObject({ beatAtMs: world.clock.now() });
  });
});
