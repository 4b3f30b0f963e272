import { describe, expect, it } from 'vitest';
import { itemKey, keyText } from '../../lib/adapters/dynamodb/keys.ts';
import type { EntityKeys, EntityName } from '../../lib/domain/entities.ts';
import { MemoryStore } from '../../lib/simulation/memory-store.ts';
import type { Change, ReplicatedRecord } from '../../lib/simulation/memory-table.ts';
import { put, remove, storeAll, update } from '../support/guarded-writes.ts';
import { productRecord, reservationRecord } from '../support/stored-records.ts';
import { HERE, quotaOf, THERE } from './small-world.ts';

const KEY = { tenantId: 'tenant', sku: 'sku', locationId: 'location', region: HERE, shard: 0 };

/** A record as replication brings it from another region. */
function replicated<Name extends EntityName>(
  entity: Name,
  key: EntityKeys[Name],
  after: object | undefined,
): ReplicatedRecord {
  const place = itemKey(entity, key);
  return { entity, key, place, id: keyText(place), after, region: THERE };
}

describe('the changes of a simulated store', () => {
  const listen = (store: MemoryStore) => {
    const heard: Pick<Change, 'entity' | 'before' | 'after' | 'origin'>[][] = [];
    store.onChange((changes) =>
      heard.push(changes.map(({ entity, before, after, origin }) => ({ entity, before, after, origin }))),
    );
    return heard;
  };
  const origin = 'local';

  it('are told once for each commit, with what was and what is', async () => {
    const store = new MemoryStore(HERE);
    const heard = listen(store);
    const [one, two] = [quotaOf('sku', 5), quotaOf('other', 1)];
    await store.commit([put(one), put(two)]);
    await store.commit([update(one, [{ change: 'add', field: 'available', by: -2 }])]);
    await store.commit([remove(two)]);
    const after = { ...one[1], available: 3 };
    expect(heard).toEqual([
      [
        { entity: 'quota', before: undefined, after: one[1], origin },
        { entity: 'quota', before: undefined, after: two[1], origin },
      ],
      [{ entity: 'quota', before: one[1], after, origin }],
      [{ entity: 'quota', before: two[1], after: undefined, origin }],
    ]);
  });

  it('are none when a commit is refused', async () => {
    const store = new MemoryStore(HERE);
    const heard = listen(store);
    await store.commit([put(quotaOf('sku', 5), { is: 'present' })]);
    expect(heard).toEqual([]);
  });

  it('tell what replication brought', async () => {
    const store = new MemoryStore(HERE);
    const heard = listen(store);
    const [entity, after] = quotaOf('sku', 5, THERE);
    store.applyReplicated(replicated(entity, { ...KEY, region: THERE }, after));
    expect(heard).toEqual([[{ entity, before: undefined, after, origin: 'replicated' }]]);
    expect((await store.readSku('tenant', 'sku', 'strong')).quotas).toEqual([after]);
    store.applyReplicated(replicated(entity, { ...KEY, region: THERE }, undefined));
    expect((await store.readSku('tenant', 'sku', 'strong')).quotas).toEqual([]);
  });
});

describe('a simulated store that is late', () => {
  it('lists a record a moment after it was written, and as it is by then', async () => {
    let nowMs = 0;
    const store = new MemoryStore(HERE, { now: () => nowMs, indexLagMs: () => 100 });
    const held = reservationRecord({ region: HERE, expiresAtMs: 1 });
    await storeAll(store, ['reservation', held]);
    expect((await store.dueWork(10)).reservations).toEqual([]);
    nowMs = 100;
    expect((await store.dueWork(10)).reservations).toEqual([held]);
    await storeAll(store, ['reservation', { ...held, status: 'confirmed' }]);
    expect((await store.dueWork(10)).reservations).toEqual([]);
    const claims = async () => (await store.claimsSeen('tenant', 'sku')).claims.map(({ status }) => status);
    expect(await claims()).toEqual(['held']);
    nowMs = 200;
    expect(await claims()).toEqual(['confirmed']);
  });

  it('shows the changes of one record in their order, however long each takes', async () => {
    let nowMs = 0;
    const lags = [100, 1];
    const store = new MemoryStore(HERE, { now: () => nowMs, indexLagMs: () => lags.shift() ?? 0 });
    const held = reservationRecord({ region: HERE });
    await storeAll(store, ['reservation', held]);
    await storeAll(store, ['reservation', { ...held, status: 'released' }]);
    for (const atMs of [50, 150]) {
      nowMs = atMs;
      expect((await store.claimsSeen('tenant', 'sku')).claims).toEqual([]);
    }
  });

  it('answers an eventual read with what was true a moment ago', async () => {
    let nowMs = 1_000;
    const store = new MemoryStore(HERE, { now: () => nowMs, readAgeMs: () => 100 });
    const read = async (how: 'eventual' | 'strong') => (await store.get('quota', KEY, how))?.available;
    await storeAll(store, quotaOf('sku', 5));
    nowMs += 500;
    await storeAll(store, quotaOf('sku', 4));
    nowMs += 50;
    expect([await read('eventual'), await read('strong')]).toEqual([5, 4]);
    nowMs += 100;
    expect(await read('eventual')).toBe(4);
  });

  it('lists the due work of a replicated product where it was written', async () => {
    const store = new MemoryStore(HERE);
    const product = productRecord({ settleDueAtMs: 1 });
    const record = replicated('product', { tenantId: 'tenant', sku: 'sku' }, product);
    store.applyReplicated(record);
    expect((await store.dueWork(10)).products).toEqual([]);
    store.applyReplicated({ ...record, region: HERE });
    expect((await store.dueWork(10)).products).toEqual([product]);
  });
});
