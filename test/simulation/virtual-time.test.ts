import { describe, expect, it } from 'vitest';
import { EventHeap } from '../../lib/simulation/event-heap.ts';
import { Process } from '../../lib/simulation/process.ts';
import { SeededRandom } from '../../lib/simulation/random.ts';
import { VirtualTime } from '../../lib/simulation/virtual-time.ts';

describe('the heap of events', () => {
  it('gives the earliest first, and of the equally early the one added first', () => {
    const random = new SeededRandom('heap');
    const heap = new EventHeap();
    const entries = Array.from({ length: 500 }, (_, sequence) => ({ atMs: random.integer(0, 50), sequence }));
    for (const entry of entries) heap.push(entry);
    const popped = Array.from({ length: 500 }, () => heap.pop());
    expect(popped).toEqual(entries.toSorted((a, b) => a.atMs - b.atMs || a.sequence - b.sequence));
    expect(heap.pop()).toBeUndefined();
  });

  it('keeps its order while entries come and go', () => {
    const random = new SeededRandom('mixed');
    const heap = new EventHeap();
    let last = 0;
    for (let sequence = 0; sequence < 2_000; sequence += 1) {
      heap.push({ atMs: last + random.integer(0, 9), sequence });
      if (random.chance(0.5)) continue;
      const atMs = heap.pop()?.atMs ?? 0;
      expect(atMs).toBeGreaterThanOrEqual(last);
      last = atMs;
    }
  });
});

describe('virtual time', () => {
  it('runs events in order, and lets all that waits go on before the next one', async () => {
    const time = new VirtualTime(0);
    const seen: string[] = [];
    const work = async (name: string, ms: number) => {
      await time.sleep(ms);
      seen.push(`${name} at ${time.now()}`);
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      seen.push(`${name} goes on at ${time.now()}`);
    };
    void work('late', 20);
    void work('early', 10);
    void work('as early', 10);
    await time.run(100);
    expect(seen).toEqual([
      'early at 10',
      'early goes on at 10',
      'as early at 10',
      'as early goes on at 10',
      'late at 20',
      'late goes on at 20',
    ]);
    expect(time.now()).toBe(100);
  });

  it('stops at the time it was told, and goes on from there', async () => {
    const time = new VirtualTime(0);
    const seen: number[] = [];
    for (const atMs of [10, 20, 30]) time.at(atMs, () => seen.push(atMs));
    await time.run(20);
    expect(seen).toEqual([10, 20]);
    await time.run(Number.POSITIVE_INFINITY);
    expect(seen).toEqual([10, 20, 30]);
    expect(time.now()).toBe(30);
  });

  it('runs at once what should have happened before', async () => {
    const time = new VirtualTime(100);
    let ranAtMs = 0;
    time.at(5, () => {
      ranAtMs = time.now();
    });
    await time.run(200);
    expect(ranAtMs).toBe(100);
  });

  it('ends with what an event threw', async () => {
    const time = new VirtualTime(0);
    time.at(1, () => {
      throw new Error('broken');
    });
    await expect(time.run(10)).rejects.toThrow('broken');
  });

  it('ends with what it was told went wrong, before anything else happens', async () => {
    const time = new VirtualTime(0);
    let ran = false;
    time.at(1, () => time.fail(new Error('violation')));
    time.at(2, () => {
      ran = true;
    });
    await expect(time.run(10)).rejects.toThrow('violation');
    expect(ran).toBe(false);
  });
});

describe('a process', () => {
  const start = (skewMs = 0) => {
    const time = new VirtualTime(1_000);
    return { time, process: new Process(time, { name: 'env', region: 'here', skewMs }) };
  };

  it('returns what its work returned, and says what it threw', async () => {
    const { time, process } = start();
    const returned = process.run(async () => {
      await process.clock.sleep(5);
      return 7;
    });
    const threw = process.run(() => Promise.reject(new Error('no')));
    await time.run(2_000);
    expect(await returned).toEqual({ ended: 'returned', value: 7 });
    expect(await threw).toMatchObject({ ended: 'threw', error: { message: 'no' } });
  });

  it('never goes on after a crash, and whoever asked learns of it', async () => {
    const { time, process } = start();
    let wentOn = false;
    const ended = process.run(async () => {
      await process.clock.sleep(10);
      wentOn = true;
    });
    time.at(1_005, () => process.crash());
    await time.run(2_000);
    expect(await ended).toEqual({ ended: 'crashed' });
    expect(wentOn).toBe(false);
    expect(await process.run(async () => 1)).toEqual({ ended: 'crashed' });
  });

  it('has a clock of its own, in whole milliseconds, that can jump', async () => {
    const { time, process } = start(250.5);
    expect(process.clock.now()).toBe(1_250);
    process.clock.skewMs = -100;
    expect(process.clock.now()).toBe(900);
    let woke = 0;
    void process.clock.sleep(50).then(() => {
      woke = time.now();
    });
    await time.run(2_000);
    expect(woke).toBe(1_050);
  });
});
