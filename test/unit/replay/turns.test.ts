import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forEachInOrder, Slots } from '../../../lib/replay/slots.ts';
import { Turns } from '../../../lib/replay/turns.ts';

const skus = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 3 });
const tasks = fc.array(fc.record({ skus, delay: fc.nat({ max: 3 }) }), { maxLength: 25 });

describe('turns', () => {
  it('lets those who share a sku go in order, whatever takes how long', async () => {
    await fc.assert(
      fc.asyncProperty(tasks, fc.integer({ min: 1, max: 30 }), async (list, openMax) => {
        const turns = new Turns();
        const events: { sku: string; index: number; did: 'start' | 'end' }[] = [];
        await forEachInOrder(list.entries(), openMax, async ([index, task]) => {
          const turn = turns.take(task.skus);
          await turn.ready;
          for (const sku of task.skus) events.push({ sku, index, did: 'start' });
          await sleep(task.delay);
          for (const sku of task.skus) events.push({ sku, index, did: 'end' });
          turn.pass();
        });
        for (const sku of ['a', 'b', 'c', 'd', 'e']) {
          const seen = events.filter((event) => event.sku === sku).map(({ index, did }) => [index, did]);
          const expected = list.flatMap((task, index) =>
            task.skus.some((name) => name === sku)
              ? [
                  [index, 'start'],
                  [index, 'end'],
                ]
              : [],
          );
          expect(seen).toEqual(expected);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('lets those who share none go side by side', async () => {
    const turns = new Turns();
    const first = turns.take(['a']);
    const behind = turns.take(['a', 'b']);
    const aside = turns.take(['c']);
    await first.ready;
    await aside.ready;
    const order: string[] = [];
    const waiting = behind.ready.then(() => order.push('behind'));
    await sleep(1);
    order.push('passed');
    first.pass();
    await waiting;
    expect(order).toEqual(['passed', 'behind']);
  });
});

describe('slots', () => {
  it('are never more than there are, and all are used', async () => {
    const slots = new Slots(3);
    let inside = 0;
    let most = 0;
    const visit = () =>
      slots.use(async () => {
        inside += 1;
        most = Math.max(most, inside);
        await sleep(1);
        inside -= 1;
      });
    await Promise.all(Array.from({ length: 20 }, visit));
    expect(most).toBe(3);
  });

  it('come free after a failure', async () => {
    const slots = new Slots(1);
    await expect(slots.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(slots.use(() => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('start nothing more after a failure, and wait for what is under way', async () => {
    const ended: number[] = [];
    const run = forEachInOrder([1, 2, 3, 4, 5, 6], 2, async (item) => {
      if (item === 2) throw new Error('second');
      await sleep(5);
      ended.push(item);
    });
    await expect(run).rejects.toThrow('second');
    expect(ended).toEqual([1]);
  });
});
