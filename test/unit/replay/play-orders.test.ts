import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fortune } from '../../../lib/replay/fortune.ts';
import type { Order } from '../../../lib/replay/plan-orders.ts';
import { type Outcome, playOrders } from '../../../lib/replay/play-orders.ts';
import { FakeShop, type Trouble } from './fake-shop.ts';
import { stageOn } from './stage.ts';

const SKUS = ['a', 'b', 'c'] as const;
const line = fc.record({ sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 1, max: 4 }) });
const sale = fc
  .uniqueArray(line, { selector: ({ sku }) => sku, minLength: 1, maxLength: 3 })
  .map((lines) => ({ kind: 'sale', lines }) as const);
const orders = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: sale },
      line.map((one) => ({ kind: 'return', line: one }) as const),
    ),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((list) => list.map((order, at): Order => ({ ...order, id: `o${at}` })));
const stock = fc.nat({ max: 8 });

/** What happens when orders are played one after the other, by hand. */
function oneByOne(list: readonly Order[], opening: number, { isReleased }: Fortune): Map<string, Outcome> {
  const available = new Map<string, number>(SKUS.map((sku) => [sku, opening]));
  const outcomes = new Map<string, Outcome>();
  const add = (sku: string, by: number) => available.set(sku, (available.get(sku) ?? 0) + by);
  for (const order of list) {
    if (order.kind === 'return') {
      add(order.line.sku, order.line.quantity);
      outcomes.set(order.id, 'returned');
      continue;
    }
    const isThere = order.lines.every(({ sku, quantity }) => (available.get(sku) ?? 0) >= quantity);
    const released = isReleased(order.id);
    if (isThere && !released) for (const { sku, quantity } of order.lines) add(sku, -quantity);
    outcomes.set(order.id, !isThere ? 'refused' : released ? 'released' : 'shipped');
  }
  return outcomes;
}

const TROUBLES: readonly (Trouble | undefined)[] = [
  'cutBefore',
  'cutAfter',
  'badGateway',
  'busy',
  ...Array<undefined>(12),
];

/** Delays and troubles from a seed: different in every run, and repeatable by fast-check. */
function unreliableShop(seed: number, opening: number): FakeShop {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const shop = new FakeShop({
    delay: () => sleep(next(3)),
    trouble: () => TROUBLES[next(TROUBLES.length)],
  });
  for (const sku of SKUS) shop.balanceOf(`p-${sku}`).available = opening;
  return shop;
}

describe('playing orders', () => {
  it('ends as one after the other would, whatever takes how long and whatever breaks', async () => {
    const seeds = fc.integer({ min: 0, max: 2 ** 31 });
    await fc.assert(
      fc.asyncProperty(orders, stock, seeds, async (list, opening, seed) => {
        const stage = { ...stageOn(unreliableShop(seed, opening)) };
        // A third instead of the usual few, so that short lists have some.
        const isReleased = (id: string) => ['3', '6', '9'].some((digit) => id.endsWith(digit));
        const fortune = { ...stage.fortune, isReleased };
        const outcomes = await playOrders({ ...stage, fortune }, list, { concurrency: 8 });
        expect(new Map(list.map(({ id }) => [id, outcomes.get(id)]))).toEqual(
          oneByOne(list, opening, fortune),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('never changes the stock of one product twice at once', async () => {
    let changing = 0;
    let most = 0;
    const shop = new FakeShop({ delay: () => sleep(1) });
    const stage = stageOn({
      send: async (request) => {
        if (!/ship$|movements$/.test(request.path)) return shop.send(request);
        // Every order here is about the same product.
        changing += 1;
        most = Math.max(most, changing);
        // Slower than holds, so that the ships of several orders would meet.
        await sleep(5);
        const answer = await shop.send(request);
        changing -= 1;
        return answer;
      },
      close: () => undefined,
    });
    shop.balanceOf('p-a').available = 20;
    const one = { sku: 'a', quantity: 1 };
    const list = Array.from({ length: 20 }, (_, at): Order => {
      return at % 5 === 4
        ? { kind: 'return', id: `o${at}`, line: one }
        : { kind: 'sale', id: `o${at}`, lines: [one] };
    });
    await playOrders(stage, list, { concurrency: 8 });
    expect(most).toBe(1);
  });

  it('plays orders that share nothing side by side, and no more than allowed', async () => {
    const shop = new FakeShop({ delay: () => sleep(1) });
    const list = Array.from({ length: 40 }, (_, at): Order => {
      shop.balanceOf(`p-s${at}`).available = 1;
      return { kind: 'sale', id: `o${at}`, lines: [{ sku: `s${at}`, quantity: 1 }] };
    });
    await playOrders(stageOn(shop, { concurrency: 6 }), list, { concurrency: 6 });
    expect(shop.inFlightMax).toBe(6);
  });

  it('keeps books of what was done', async () => {
    const shop = new FakeShop();
    shop.balanceOf('p-a').available = 3;
    const stage = stageOn(shop);
    const list: Order[] = [
      { kind: 'sale', id: 'o1', lines: [{ sku: 'a', quantity: 2 }] },
      { kind: 'sale', id: 'o2', lines: [{ sku: 'a', quantity: 2 }] },
      { kind: 'return', id: 'o4', line: { sku: 'a', quantity: 1 } },
    ];
    await playOrders(stage, list, { concurrency: 4 });
    expect(stage.books.account('a')).toEqual({ received: 0, shipped: 2, returned: 1 });
    expect(stage.books.onHand('a')).toBe(-1);
  });

  it('asks once more when a refusal may rest on knowledge from before a return', async () => {
    const shop = new FakeShop();
    let forgets = 1;
    const stage = stageOn({
      send: (request) => {
        const isFirstHold = request.path === '/reservations' && forgets > 0;
        if (!isFirstHold) return shop.send(request);
        forgets -= 1;
        const body = { code: 'insufficient_stock', lines: [{ sku: 'p-a' }] };
        return Promise.resolve({ status: 409, body, retryAfterSeconds: undefined });
      },
      close: () => undefined,
    });
    const list: Order[] = [
      { kind: 'return', id: 'o1', line: { sku: 'a', quantity: 1 } },
      { kind: 'sale', id: 'o2', lines: [{ sku: 'a', quantity: 1 }] },
    ];
    const outcomes = await playOrders(stage, list, { concurrency: 4 });
    expect(outcomes.get('o2')).toBe('shipped');
  });

  it('notes a hold that had expired, and goes on', async () => {
    const shop = new FakeShop();
    for (const sku of SKUS) shop.balanceOf(`p-${sku}`).available = 2;
    const stage = stageOn({
      send: (request) =>
        request.path.endsWith('/confirm')
          ? Promise.resolve({
              status: 409,
              body: { code: 'reservation_expired' },
              retryAfterSeconds: undefined,
            })
          : shop.send(request),
      close: () => undefined,
    });
    const list: Order[] = [{ kind: 'sale', id: 'o1', lines: [{ sku: 'a', quantity: 1 }] }];
    await expect(playOrders(stage, list, { concurrency: 1 })).resolves.toEqual(new Map([['o1', 'expired']]));
  });

  it('stops at an answer that makes no sense, and says which', async () => {
    const shop = new FakeShop();
    const failures: unknown[] = [];
    const stage = stageOn({
      send: (request) =>
        request.path === '/reservations'
          ? Promise.resolve({
              status: 422,
              body: { code: 'idempotency_key_reused' },
              retryAfterSeconds: undefined,
            })
          : shop.send(request),
      close: () => undefined,
    });
    const list = Array.from(
      { length: 50 },
      (_, at): Order => ({
        kind: 'sale',
        id: `o${at}`,
        lines: [{ sku: 'a', quantity: 1 }],
      }),
    );
    const playing = playOrders(stage, list, { concurrency: 1, onFailure: (error) => failures.push(error) });
    await expect(playing).rejects.toThrow(
      /POST \/reservations was answered with 422.*idempotency_key_reused/,
    );
    expect(failures.length).toBeLessThan(list.length);
  });
});
