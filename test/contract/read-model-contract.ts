import { expect, it } from 'vitest';
import type { ReadModel } from '../../lib/application/ports.ts';
import { freshTenant } from '../support/stored-records.ts';
import { fullRollup, rollupRecord } from '../support/stored-rollups.ts';

/** More skus than one batch read takes. */
const MANY = 130;

/** What every read model must do. Tests keep apart by tenant; there is one watermark for all. */
export function describeReadModel(open: () => ReadModel): void {
  it('has no rollup that nobody has put', async () => {
    const key = { tenantId: freshTenant(), sku: 'sku' };
    expect(await open().get(key, 'strong')).toBeUndefined();
    expect(await open().getMany([key])).toEqual([undefined]);
  });

  it('gives a rollup back as it was put', async () => {
    const model = open();
    const tenantId = freshTenant();
    const [full, plain] = [fullRollup({ tenantId, sku: 'full' }), rollupRecord({ tenantId, sku: 'plain' })];
    for (const rollup of [full, plain]) expect(await model.put(rollup)).toEqual({ outcome: 'stored' });
    expect(await model.get(full, 'strong')).toEqual(full);
    expect(await model.get(plain, 'eventual')).toEqual(plain);
  });

  it('keeps the rollups of tenants apart', async () => {
    const model = open();
    const [mine, theirs] = [freshTenant(), freshTenant()];
    await model.put(rollupRecord({ tenantId: mine }));
    expect(await model.get({ tenantId: theirs, sku: 'sku' }, 'strong')).toBeUndefined();
  });

  it('stores a version only after the one before it, and otherwise shows what is there', async () => {
    const model = open();
    const tenantId = freshTenant();
    const [one, two, three] = [1, 2, 3].map((version) => fullRollup({ tenantId, version, asOfMs: version }));
    if (!one || !two || !three) throw new Error('There are three');
    expect(await model.put(two)).toEqual({ outcome: 'refused', there: undefined });
    await model.put(one);
    expect(await model.put({ ...one, asOfMs: 9 })).toEqual({ outcome: 'refused', there: one });
    expect(await model.put(three)).toEqual({ outcome: 'refused', there: one });
    expect(await model.put(two)).toEqual({ outcome: 'stored' });
    expect(await model.put({ ...two, asOfMs: 9 })).toEqual({ outcome: 'refused', there: two });
    expect(await model.put(three)).toEqual({ outcome: 'stored' });
    expect(await model.get(one, 'strong')).toEqual(three);
  });

  it('reads many, in the order asked, those that are asked twice as well', async () => {
    const model = open();
    const tenantId = freshTenant();
    const skus = Array.from({ length: MANY }, (_, index) => `sku-${index}`);
    for (const sku of skus) await model.put(rollupRecord({ tenantId, sku }));
    const asked = ['none', ...skus, 'sku-1'];
    const found = await model.getMany(asked.map((sku) => ({ tenantId, sku })));
    expect(found.map((rollup) => rollup?.sku)).toEqual([undefined, ...skus, 'sku-1']);
  });

  it('remembers the latest sign of life', async () => {
    const model = open();
    expect(await model.watermark()).toBeUndefined();
    await model.setWatermark({ writtenAtMs: 100, seenAtMs: 150 });
    await model.setWatermark({ writtenAtMs: 100, seenAtMs: 400 });
    await model.setWatermark({ writtenAtMs: 90, seenAtMs: 500 });
    expect(await model.watermark()).toEqual({ writtenAtMs: 100, seenAtMs: 150 });
    await model.setWatermark({ writtenAtMs: 200, seenAtMs: 260 });
    expect(await model.watermark()).toEqual({ writtenAtMs: 200, seenAtMs: 260 });
  });
}
