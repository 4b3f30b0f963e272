import { beforeEach, describe, expect, it } from 'vitest';
import type { Dependencies } from '../../../lib/application/ports.ts';
import { rebalanceEverywhere } from '../../../lib/application/rebalance-everywhere.ts';
import { recentDemand } from '../../../lib/application/rebalance-sku.ts';
import { ABSENT, type GuardedWrite } from '../../../lib/domain/guarded-write.ts';
import { createRegionsWorld } from '../../support/regions-world.ts';
import { productRecord, quotaRecord, stockRecord } from '../../support/stored-records.ts';

const HERE = 'us-east-1';
const THERE = 'eu-west-1';
const FAR = 'ap-northeast-1';
const PLACE = { tenantId: 'tenant', sku: 'sku', locationId: 'location' };

let world: ReturnType<typeof createRegionsWorld>;

const write = async (deps: Dependencies, writes: readonly GuardedWrite[]) =>
  expect((await deps.store.commit(writes)).outcome).toBe('committed');

beforeEach(async () => {
  world = createRegionsWorld([HERE, THERE, FAR]);
  const product = productRecord();
  const stock = stockRecord({ onHand: 600 });
  for (const region of [HERE, THERE, FAR]) {
    const quotas = [quotaRecord({ available: 300 }), quotaRecord({ region: THERE, available: 300 })];
    await write(world.at(region), [
      { entity: 'product', key: product, conditions: [ABSENT], effect: { does: 'put', record: product } },
      { entity: 'stock', key: stock, conditions: [ABSENT], effect: { does: 'put', record: stock } },
      ...quotas.map(
        (record): GuardedWrite => ({
          entity: 'quota',
          key: record,
          conditions: [ABSENT],
          effect: { does: 'put', record },
        }),
      ),
    ]);
  }
});

const rebalance = (targets?: Record<string, number>, sku = 'sku') =>
  rebalanceEverywhere({ ...world.at(HERE), forecast: recentDemand }, 'tenant', {
    sku,
    ...(targets === undefined ? {} : { targets }),
  });

const availableIn = async (region: string) =>
  (await world.at(region).store.get('quota', { ...PLACE, region, shard: 0 }))?.available;

describe('a rebalancing that somebody asks for', () => {
  it('moves units of every region towards the targets', async () => {
    const done = await rebalance({ [FAR]: 1 });
    expect(done).toEqual({ ok: true, value: { sku: 'sku', regions: [HERE, THERE, FAR] } });
    expect(await Promise.all([HERE, THERE, FAR].map(availableIn))).toEqual([0, 0, 600]);
  });

  it('without targets follows the demand: a region without units gets a part', async () => {
    await rebalance();
    world.clock.advance(60_000);
    const underWay = (await world.at(HERE).store.readSku('tenant', 'sku', 'strong')).grants;
    expect(underWay.map(({ to }) => to)).toEqual([FAR]);
  });

  it('skips a region that is out of reach, and one that drains', async () => {
    world.lose(THERE);
    const state = { region: FAR, status: 'draining', version: 1, beatAtMs: 0 } as const;
    await write(world.at(HERE), [
      { entity: 'regionState', key: { region: FAR }, conditions: [], effect: { does: 'put', record: state } },
    ]);
    const done = await rebalance({ [FAR]: 1 });
    expect(done).toEqual({ ok: true, value: { sku: 'sku', regions: [HERE] } });
    expect(await availableIn(HERE)).toBe(300);
  });

  it('refuses a region that is not deployed, before it looks for the product', async () => {
    const refused = await rebalance({ [HERE]: 1, 'sa-east-1': 1 }, 'none');
    expect(refused).toMatchObject({ rejection: { code: 'validation_failed', path: 'targets.sa-east-1' } });
  });

  it('refuses a product that nobody has', async () => {
    expect(await rebalance(undefined, 'none')).toMatchObject({ rejection: { code: 'not_found' } });
  });
});
