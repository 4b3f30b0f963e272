import { describe, expect, it } from 'vitest';
import type { ReadModel, Watermark } from '../../../lib/application/ports.ts';
import { createStockDirectory } from '../../../lib/application/stock-directory.ts';
import type { Rollup } from '../../../lib/domain/rollup.ts';
import { ManualClock } from '../../support/world.ts';

const rollup = (sku: string, version: number, asOfMs = 1_000): Rollup => ({
  tenantId: 'demo',
  sku,
  region: 'us-east-1',
  stocks: [],
  quotas: [],
  committed: [],
  recent: [],
  unsentEvents: [],
  asOfMs,
  version,
});

function setUp() {
  const clock = new ManualClock();
  const rollups = new Map<string, Rollup>();
  const calls: string[][] = [];
  const state: { watermark?: Watermark; watermarkReads: number; failing: boolean } = {
    watermarkReads: 0,
    failing: false,
  };
  const find = (keys: readonly { readonly sku: string }[]) => {
    calls.push(keys.map(({ sku }) => sku));
    if (state.failing) throw new Error('out of reach');
    return keys.map(({ sku }) => rollups.get(sku));
  };
  const model: ReadModel = {
    get: async (key) => find([key])[0],
    getMany: async (keys) => find(keys),
    put: () => Promise.reject(new Error('not here')),
    watermark: async () => {
      state.watermarkReads += 1;
      return state.watermark;
    },
    setWatermark: () => Promise.reject(new Error('not here')),
  };
  return { clock, rollups, calls, state, directory: createStockDirectory(model, clock) };
}

describe('the stock directory', () => {
  it('reads a sku once for all who ask at once, and again after a second', async () => {
    const { clock, rollups, calls, directory } = setUp();
    rollups.set('shirt', rollup('shirt', 1));
    const asked = await Promise.all(Array.from({ length: 20 }, () => directory.of('demo', 'shirt')));
    expect(new Set(asked).size).toBe(1);
    rollups.set('shirt', rollup('shirt', 2));
    clock.advance(999);
    expect((await directory.of('demo', 'shirt'))?.rollup.version).toBe(1);
    expect(calls).toHaveLength(1);
    clock.advance(1);
    expect((await directory.of('demo', 'shirt'))?.rollup.version).toBe(2);
    expect(calls).toHaveLength(2);
  });

  it('does not mix up tenants', async () => {
    const { calls, directory } = setUp();
    await Promise.all([directory.of('demo', 'shirt'), directory.of('rival', 'shirt')]);
    expect(calls).toHaveLength(2);
  });

  it('reads of many skus those that it does not remember, in one batch and each once', async () => {
    const { rollups, calls, directory } = setUp();
    for (const sku of ['a', 'b', 'c']) rollups.set(sku, rollup(sku, 1));
    await directory.of('demo', 'b');
    const [many, one] = await Promise.all([
      directory.many('demo', ['a', 'b', 'x', 'a', 'c']),
      directory.of('demo', 'c'),
    ]);
    expect(many.map((seen) => seen?.rollup.sku)).toEqual(['a', 'b', undefined, 'a', 'c']);
    expect(one?.rollup.sku).toBe('c');
    expect(calls).toEqual([['b'], ['a', 'x', 'c']]);
    await directory.many('demo', ['a', 'b']);
    expect(calls).toHaveLength(2);
  });

  it('does not let an older answer replace a newer one', async () => {
    const { clock, rollups, directory } = setUp();
    rollups.set('shirt', rollup('shirt', 7));
    await directory.of('demo', 'shirt');
    clock.advance(2_000);
    rollups.set('shirt', rollup('shirt', 6));
    expect((await directory.of('demo', 'shirt'))?.rollup.version).toBe(7);
    clock.advance(2_000);
    rollups.set('shirt', rollup('shirt', 8));
    expect((await directory.of('demo', 'shirt'))?.rollup.version).toBe(8);
  });

  it('remembers neither a failure nor that there is nothing', async () => {
    const { rollups, state, directory } = setUp();
    state.failing = true;
    await expect(directory.of('demo', 'shirt')).rejects.toThrow('out of reach');
    await expect(directory.many('demo', ['shirt', 'shoe'])).rejects.toThrow('out of reach');
    state.failing = false;
    expect(await directory.of('demo', 'shirt')).toBeUndefined();
    rollups.set('shirt', rollup('shirt', 1));
    expect((await directory.of('demo', 'shirt'))?.rollup.version).toBe(1);
  });

  it('forgets the oldest of more skus than it may remember', async () => {
    const { rollups, calls, directory } = setUp();
    const skus = Array.from({ length: 1_001 }, (_, index) => `sku-${index}`);
    for (const sku of skus) rollups.set(sku, rollup(sku, 1));
    for (const sku of skus) await directory.of('demo', sku);
    const before = calls.length;
    await directory.of('demo', 'sku-1000');
    await directory.of('demo', 'sku-1');
    expect(calls).toHaveLength(before);
    await directory.of('demo', 'sku-0');
    expect(calls).toHaveLength(before + 1);
  });
});

describe('how new an answer is', () => {
  const ask = async (watermark: (nowMs: number) => Watermark | undefined, changedAgoMs = 5_000) => {
    const { clock, rollups, state, directory } = setUp();
    const nowMs = clock.now();
    const mark = watermark(nowMs);
    if (mark !== undefined) state.watermark = mark;
    rollups.set('shirt', rollup('shirt', 1, nowMs - changedAgoMs));
    return ((await directory.of('demo', 'shirt'))?.asOfMs ?? 0) - nowMs;
  };

  it('is the lag of the stream while signs of life come through', async () => {
    expect(await ask((now) => ({ writtenAtMs: now - 4_000, seenAtMs: now - 3_700 }))).toBe(-300);
    expect(await ask((now) => ({ writtenAtMs: now - 15_000, seenAtMs: now - 14_000 }))).toBe(-1_000);
  });

  it('is the last sign of life when none came for a while', async () => {
    expect(await ask((now) => ({ writtenAtMs: now - 15_001, seenAtMs: now - 15_000 }))).toBe(-15_001);
  });

  it('is the last change when there never was a sign of life', async () => {
    expect(await ask(() => undefined)).toBe(-5_000);
  });

  it('is never later than now, whatever the clocks of others say', async () => {
    expect(await ask((now) => ({ writtenAtMs: now + 9_000, seenAtMs: now - 1_000 }))).toBe(0);
    expect(await ask(() => undefined, -3_000)).toBe(0);
  });

  it('asks for the sign of life once a second, not once for each sku', async () => {
    const { clock, state, directory } = setUp();
    await Promise.all(['a', 'b', 'c'].map((sku) => directory.of('demo', sku)));
    await directory.many('demo', ['d', 'e']);
    expect(state.watermarkReads).toBe(1);
    clock.advance(1_000);
    await directory.of('demo', 'a');
    expect(state.watermarkReads).toBe(2);
  });
});
