import { beforeEach, describe, expect, it } from 'vitest';
import type { Dependencies } from '../../../lib/application/ports.ts';
import { rebalanceEverywhere } from '../../../lib/application/rebalance-everywhere.ts';
import { rebalanceSku, recentDemand } from '../../../lib/application/rebalance-sku.ts';
import { ABSENT, type GuardedWrite } from '../../../lib/domain/guarded-write.ts';
import { AP, EU, Regions, US } from '../../support/regions.ts';
import { productRecord, quotaRecord, stockRecord } from '../../support/stored-records.ts';

const PLACE = { tenantId: 'tenant', sku: 'sku', locationId: 'location' };

let world: Regions;

const write = async (deps: Dependencies, writes: readonly GuardedWrite[]) =>
  expect((await deps.store.commit(writes)).outcome).toBe('committed');

beforeEach(async () => {
  world = new Regions();
  const product = productRecord();
  const stock = stockRecord({ onHand: 600 });
  for (const region of [US, EU, AP]) {
    const quotas = [quotaRecord({ available: 300 }), quotaRecord({ region: EU, available: 300 })];
    await write(world.in(region), [
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
  rebalanceEverywhere(world.in(US), 'tenant', {
    sku,
    ...(targets === undefined ? {} : { targets }),
  });

const availableIn = async (region: string) =>
  (await world.in(region).store.get('quota', { ...PLACE, region, shard: 0 }))?.available;

describe('a rebalancing that somebody asks for', () => {
  it('moves units of every region towards the targets', async () => {
    const done = await rebalance({ [AP]: 1 });
    expect(done).toEqual({ ok: true, value: { sku: 'sku', regions: [US, EU, AP] } });
    expect(await Promise.all([US, EU, AP].map(availableIn))).toEqual([0, 0, 600]);
  });

  it('without targets follows the demand: a region without units gets a part', async () => {
    await rebalance();
    // One of the two gives its surplus: both at once would be too much.
    expect(await Promise.all([US, EU, AP].map(availableIn))).toEqual([300, 200, 100]);
  });

  it('skips a region that is out of reach, and one that drains', async () => {
    world.cutOff(EU);
    const state = { region: AP, status: 'draining', version: 1, beatAtMs: 0 } as const;
    await write(world.in(US), [
      { entity: 'regionState', key: { region: AP }, conditions: [], effect: { does: 'put', record: state } },
    ]);
    const done = await rebalance({ [AP]: 1 });
    expect(done).toEqual({ ok: true, value: { sku: 'sku', regions: [US] } });
    expect(await availableIn(US)).toBe(300);
  });

  it('gives nothing to a region that is out of reach: the units would be stranded', async () => {
    world.cutOff(EU);
    for (const targets of [{ [EU]: 1 }, { [EU]: 1, [AP]: 1 }, undefined]) await rebalance(targets);
    const { grants } = await world.store(US).readSku('tenant', 'sku', 'strong');
    expect(new Set(grants.map(({ to }) => to))).toEqual(new Set([AP]));
  });

  it('refuses a region that is not deployed, before it looks for the product', async () => {
    const refused = await rebalance({ [US]: 1, 'sa-east-1': 1 }, 'none');
    expect(refused).toMatchObject({ rejection: { code: 'validation_failed', path: 'targets.sa-east-1' } });
  });

  it('refuses a product that nobody has', async () => {
    expect(await rebalance(undefined, 'none')).toMatchObject({ rejection: { code: 'not_found' } });
  });
});

it('whoever looks at a place says how unevenly its units are shared', async () => {
  const spreads: number[] = [];
  const deps = {
    ...world.in(US),
    forecast: recentDemand,
    reportSpread: (percent: number) => spreads.push(percent),
  };
  await rebalanceSku(deps, { tenantId: 'tenant', sku: 'sku' });
  // Two of three regions have half each: (1/2 - 1/3) / (1 - 1/3).
  expect(spreads.map(Math.round)).toEqual([25]);
});
