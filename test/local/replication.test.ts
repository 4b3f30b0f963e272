import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Replicas, startReplicas } from './fixtures/replicas.ts';

const [A, B, C] = ['ap-one-1', 'eu-two-2', 'us-three-3'];

let replicas: Replicas;
let a: Replicas['databases'][number];
let b: Replicas['databases'][number];
let c: Replicas['databases'][number];

beforeAll(async () => {
  replicas = await startReplicas(A, B, C);
  [a, b, c] = replicas.databases as [typeof a, typeof b, typeof c];
});
afterAll(() => replicas?.stop());
afterEach(() => {
  for (const direction of replicas.replicator.directions) direction.set({ paused: false, delayMs: 5 });
  for (const region of [A, B, C]) replicas.replicator.connect(region);
});

const everywhere = (pk: string) => Promise.all([a, b, c].map((database) => database.get(pk)));
/** Records that the streams of all regions show while something happens, and until it has arrived everywhere. */
const recordsOf = async (act: () => Promise<unknown>) => {
  await replicas.settled();
  const before = replicas.streams.recordsRead;
  await act();
  await replicas.settled();
  return replicas.streams.recordsRead - before;
};

describe('a write', () => {
  it('arrives in every other region, once in each stream, and goes no further', async () => {
    const records = await recordsOf(() => a.put('one', { n: { N: '1' } }));
    expect(await everywhere('one')).toEqual(Array(3).fill({ pk: { S: 'one' }, n: { N: '1' } }));
    expect(records).toBe(3);
    expect(replicas.replicator.conflicts).toBe(0);
  });

  it('carries attributes of every type as they are', async () => {
    const item = {
      map: { M: { empty: { M: {} }, list: { L: [{ L: [] }, { M: {} }, { S: '' }] } } },
      sets: { NS: ['10', '2'] },
      bytes: { B: 'AAE=' },
      nothing: { NULL: true },
      number: { N: '12345678901234567890123456789012345678' },
    };
    await recordsOf(() => a.put('types', item));
    const [first, ...others] = await everywhere('types');
    expect(first).toMatchObject({ map: item.map, number: item.number });
    expect(others).toEqual([first, first]);
  });

  it('may be a deletion', async () => {
    await recordsOf(() => a.put('gone'));
    expect(await recordsOf(() => b.remove('gone'))).toBe(3);
    expect(await everywhere('gone')).toEqual([undefined, undefined, undefined]);
    expect(replicas.replicator.conflicts).toBe(0);
  });

  it('that changes nothing there leaves the next write of its item in order', async () => {
    await recordsOf(() => a.put('same', { n: { N: '1' } }));
    replicas.direction(A, B).set({ paused: true });
    await a.put('same', { n: { N: '2' } });
    await a.put('same', { n: { N: '1' } });
    await replicas.untilBacklog(A, B, 1);
    replicas.direction(A, B).set({ paused: false });
    await replicas.settled();
    await recordsOf(() => b.put('same', { n: { N: '3' } }));
    expect(await everywhere('same')).toEqual(Array(3).fill({ pk: { S: 'same' }, n: { N: '3' } }));
    expect(replicas.replicator.conflicts).toBe(0);
  });
});

describe('a direction', () => {
  it('that is paused keeps the last change of each item, and delivers them late', async () => {
    replicas.direction(A, B).set({ paused: true });
    for (const n of ['1', '2', '3']) await a.put('merged', { n: { N: n } });
    await a.transact('tx-1', 'tx-2');
    await a.put('brief');
    await a.remove('brief');
    expect(await replicas.untilBacklog(A, B, 4)).toBe(4);
    expect(await b.get('merged')).toBeUndefined();
    expect(replicas.direction(A, B).lagMs).toBeGreaterThan(0);
    await replicas.untilBacklog(A, C, 0);
    await replicas.streams.caughtUp();
    const before = replicas.streams.recordsRead;
    replicas.direction(A, B).set({ paused: false });
    await replicas.settled();
    // Three puts; the deletion of what never arrived changes nothing and makes no record.
    expect(replicas.streams.recordsRead - before).toBe(3);
    expect(await b.get('merged')).toEqual({ pk: { S: 'merged' }, n: { N: '3' } });
    expect(await b.get('tx-2')).toBeDefined();
    expect(replicas.direction(A, B).lagMs).toBe(0);
    expect(replicas.replicator.conflicts).toBe(0);
  });

  it('takes as long as it is told to', async () => {
    replicas.direction(A, B).set({ delayMs: 300 });
    const startedMs = performance.now();
    await a.put('slow');
    await replicas.settled();
    expect(performance.now() - startedMs).toBeGreaterThan(290);
  });

  it('brings the items of a transaction one by one', async () => {
    replicas.direction(A, B).set({ delayMs: 200 });
    const pks = Array.from({ length: 20 }, (_, index) => `apart-${index}`);
    await a.transact(...pks);
    const arrived = async () => (await Promise.all(pks.map(b.get))).filter(Boolean).length;
    let seen = 0;
    for (let round = 0; seen === 0 && round < 200; round++) seen = await arrived();
    expect(seen).toBeLessThan(20);
    await replicas.settled();
    expect(await arrived()).toBe(20);
  });

  it('brings a write after the one that was made in view of it, and neither is a conflict', async () => {
    replicas.direction(A, C).set({ paused: true });
    await a.put('causal', { n: { N: '1' } });
    await replicas.untilBacklog(A, B, 0);
    for (let n = 0; (await b.get('causal')) === undefined && n < 100; n++) await replicas.streams.caughtUp();
    await replicas.streams.caughtUp();
    await b.put('causal', { n: { N: '2' } });
    await replicas.untilBacklog(B, C, 0);
    replicas.direction(A, C).set({ paused: false });
    await replicas.settled();
    expect(await everywhere('causal')).toEqual(Array(3).fill({ pk: { S: 'causal' }, n: { N: '2' } }));
    expect(replicas.replicator.conflicts).toBe(0);
  });
});

describe('a region that is cut off', () => {
  it('gets what it has missed, and sends what it wrote last, when it is back', async () => {
    await a.put('last-word');
    await replicas.replicator.disconnect(A);
    await b.put('missed');
    expect(await replicas.untilBacklog(B, A, 1)).toBe(1);
    expect(await replicas.untilBacklog(A, C, 1)).toBe(1);
    await replicas.untilBacklog(B, C, 0);
    expect(await a.get('missed')).toBeUndefined();
    expect(await c.get('last-word')).toBeUndefined();
    replicas.replicator.connect(A);
    await replicas.settled();
    expect(await a.get('missed')).toBeDefined();
    expect(await c.get('last-word')).toBeDefined();
  });
});

it('keeps up with a thousand writes, in the order of each item', async () => {
  const startedMs = performance.now();
  for (let round = 0; round < 10; round++) {
    const items = Array.from({ length: 100 }, (_, index) => a.put(`many-${index}`, { n: { N: `${round}` } }));
    await Promise.all(items);
  }
  const writtenMs = performance.now();
  await replicas.settled();
  expect(performance.now() - writtenMs).toBeLessThan(Math.max(2_000, writtenMs - startedMs));
  for (const database of [b, c]) expect(await database.get('many-99')).toMatchObject({ n: { N: '9' } });
  expect(await b.count()).toBe(await a.count());
  expect(replicas.replicator.conflicts).toBe(0);
  expect(replicas.output).toEqual([]);
});

it('counts writes of one item in two regions, and the last one wins in all', async () => {
  for (const direction of replicas.replicator.directions) direction.set({ paused: true });
  await a.put('fought-over', { by: { S: 'a' } });
  await replicas.untilBacklog(A, B, 1);
  await b.put('fought-over', { by: { S: 'b' } });
  await replicas.untilBacklog(B, A, 1);
  for (const direction of replicas.replicator.directions) direction.set({ paused: false });
  await replicas.settled();
  expect(await everywhere('fought-over')).toEqual(
    Array(3).fill({ pk: { S: 'fought-over' }, by: { S: 'b' } }),
  );
  expect(replicas.replicator.conflicts).toBeGreaterThan(0);
  expect(replicas.output[0]).toMatch(/conflict in .*: .* both wrote \{"pk":\{"S":"fought-over"\}\}/);
});
