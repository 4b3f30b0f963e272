/** The example of `docs/checkout-saga.md`, with everything failing at every step. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AgainLaterError,
  checkout,
  type Decision,
  type Order,
  type Outcome,
  type Reply,
  type Shop as Shopfront,
} from '../../../docs/examples/checkout.ts';
import {
  answerConfirmation,
  answerOrder,
  answerReservation,
} from '../../../lambdas/http/answers/reservation.ts';
import type { Changed } from '../../../lib/application/change-reservation.ts';
import { readOrder } from '../../../lib/application/read-order.ts';
import {
  cancelReservation,
  extendReservation,
  releaseReservation,
} from '../../../lib/application/release-reservation.ts';
import { reserveStock } from '../../../lib/application/reserve-stock.ts';
import { OUTCOME_PROBLEMS } from '../../../lib/contracts/outcome-problems.ts';
import type { Rejection, Result } from '../../../lib/domain/rejection.ts';
import { Shop } from '../../support/shop.ts';
import { CALLER, createWorld, type ManualClock, TENANT } from '../../support/world.ts';
import { codeBlocks } from '../../tidy/markdown.ts';

const ORDER: Order = { orderId: 'order-1', lines: [{ sku: 'a', quantity: 2 }] };
/** Longer than any hold of the example. */
const LONG_MS = 3_600_000;
/** A job that asked more often would hide what never ends. */
const ATTEMPTS_MAX = 60;

/** What goes wrong with a call. `late`: it is answered, an hour later. `ahead`: it meets a clock that is wrong by that. */
type Fault = 'none' | 'before' | 'after' | 'late' | 'busy' | 'ahead';

const refused = ({ code }: Rejection): Reply => ({
  status: (OUTCOME_PROBLEMS as Record<string, { status: number }>)[code]?.status ?? 404,
  body: { code },
});

const changed = (result: Result<Changed>): Reply =>
  result.ok
    ? { status: 200, body: answerReservation(result.value.reservation, result.value) }
    : refused(result.rejection);

/** The shop of the example: the inventory's own use cases, a payment provider that is honest, and faults. */
class FaultyShop implements Shopfront {
  readonly inner = new Shop(createWorld());
  readonly taken = new Map<string, 'paid' | 'declined' | 'refunded'>();
  readonly decisions = new Map<string, Decision>();
  /** By the number of the call. */
  faults: readonly Fault[] = [];
  calls = 0;
  declines = false;

  async #unreliably<Answer>(act: (shop: Shop) => Promise<Answer>, busy?: Answer): Promise<Answer> {
    const fault = this.faults[this.calls++] ?? 'none';
    if (fault === 'before') throw new Error('cut off before its effect');
    if (fault === 'busy' && busy !== undefined) return busy;
    const answer = await act(fault === 'ahead' ? this.#ahead() : this.inner);
    if (fault === 'after') throw new Error('cut off after its effect');
    if (fault === 'late') this.inner.world.clock.advance(LONG_MS);
    return answer;
  }

  /** As a machine sees it whose clock is ahead. */
  #ahead(): Shop {
    const { world } = this.inner;
    const clock: ManualClock = Object.assign(Object.create(world.clock), {
      now: () => world.clock.now() + LONG_MS,
    });
    return new Shop({ ...world, clock });
  }

  inventory(path: string, key?: string, body?: object, prefer?: string): Promise<Reply> {
    return this.#unreliably((at) => this.#serve(at, path, { key, body, prefer }), { status: 503, body: {} });
  }

  charge(orderId: string): Promise<'paid' | 'declined'> {
    return this.#unreliably(async () => {
      const known = this.taken.get(orderId);
      if (known === undefined) this.taken.set(orderId, this.declines ? 'declined' : 'paid');
      return this.taken.get(orderId) === 'declined' ? 'declined' : 'paid';
    });
  }

  refund(orderId: string): Promise<void> {
    return this.#unreliably(async () => {
      if (this.taken.get(orderId) !== 'declined') this.taken.set(orderId, 'refunded');
    });
  }

  decision(orderId: string, decided?: Decision): Promise<Decision | undefined> {
    return this.#unreliably(async () => {
      if (decided !== undefined && !this.decisions.has(orderId)) this.decisions.set(orderId, decided);
      return this.decisions.get(orderId);
    });
  }

  async #serve(
    at: Shop,
    path: string,
    {
      key = '',
      body = {},
      prefer,
    }: { key?: string | undefined; body?: object | undefined; prefer?: string | undefined },
  ): Promise<Reply> {
    const { world } = at;
    const [, , kind, id = '', action] = path.split('/');
    const idempotency = { key, fingerprint: JSON.stringify(body) };
    if (kind === 'orders') {
      const found = await readOrder(world, TENANT, id);
      return found.ok ? { status: 200, body: answerOrder(found.value) } : refused(found.rejection);
    }
    if (id === '') {
      const command = {
        allowPartial: false,
        metadata: {},
        ...(body as Pick<Order, 'lines'> & { ttlSeconds: number }),
      };
      const held = await reserveStock(world, CALLER, { command, idempotency });
      if (!held.ok) return refused(held.rejection);
      return { status: 201, body: answerReservation(held.value.reservation, { version: 1 }) };
    }
    const request = { reservationId: id, idempotency };
    switch (action) {
      case 'extend':
        return changed(await extendReservation(world, CALLER, { ...request, ttlSeconds: 900 }));
      case 'release':
        return changed(await releaseReservation(world, CALLER, request));
      case 'cancel':
        return changed(await cancelReservation(world, CALLER, request));
      default: {
        const confirm = prefer === 'respond-async' ? at.queue : at.confirm;
        const made = await confirm.call(at, id, body, idempotency);
        return made.ok ? answerConfirmation(made.value, prefer !== undefined) : refused(made.rejection);
      }
    }
  }

  /** What the job of the shop does, and the order queue beside it. */
  async untilItReturns(order: Order): Promise<Outcome> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      try {
        return await checkout(this, order);
      } catch {
        await this.workOffQueue();
      }
    }
    throw new Error('It never returns');
  }

  async workOffQueue(): Promise<void> {
    const { items } = await this.inner.world.store.listReservations({ tenantId: TENANT }, { limit: 100 });
    for (const { region, keyHash, nonce } of items) await this.inner.accept(`${region}.${keyHash}.${nonce}`);
  }
}

/** Money was taken and kept if and only if there is an order; and nothing is held for one that there is not. */
async function expectFair(shop: FaultyShop, outcome: Outcome): Promise<void> {
  await shop.workOffQueue();
  const paid = shop.taken.get(ORDER.orderId) === 'paid';
  const order = await readOrder(shop.inner.world, TENANT, ORDER.orderId);
  const events = order.ok ? order.value.timeline.map(({ event }) => event) : [];
  const isOrdered = events.includes('confirmed') && !events.includes('cancelled');
  expect({ paid, isOrdered }).toEqual({ paid: outcome === 'ordered', isOrdered: outcome === 'ordered' });
  shop.inner.world.clock.advance(LONG_MS);
  const { items } = await shop.inner.world.store.listReservations({ tenantId: TENANT }, { limit: 100 });
  expect(items.filter(({ status }) => status === 'confirmed')).toHaveLength(isOrdered ? 1 : 0);
  expect(items.length).toBeLessThanOrEqual(1);
}

async function open(given: Partial<Pick<FaultyShop, 'faults' | 'declines'>> = {}): Promise<FaultyShop> {
  const shop = new FaultyShop();
  await shop.inner.open();
  return Object.assign(shop, given);
}

const ways = [
  { way: 'at once', order: ORDER },
  { way: 'later', order: { ...ORDER, later: true } },
];

describe.each(ways)('a checkout that confirms $way', ({ order }) => {
  it('ends with an order', async () => {
    const shop = await open();
    expect(await shop.untilItReturns(order)).toBe('ordered');
    await expectFair(shop, 'ordered');
  });

  it('gives the units back when the payment is declined', async () => {
    const shop = await open({ declines: true });
    expect(await shop.untilItReturns(order)).toBe('declined');
    expect(await shop.inner.available()).toBe(10);
    await expectFair(shop, 'declined');
  });

  it('takes no money when there are too few units', async () => {
    const shop = await open();
    await shop.inner.hold(9);
    expect(await shop.untilItReturns(order)).toBe('sold_out');
    expect([...shop.taken.values()]).toEqual(['refunded']);
  });

  it('gives the money back when the payment took longer than the hold', async () => {
    const shop = await open({ faults: ['none', 'none', 'none', 'late'] });
    expect(await shop.untilItReturns(order)).toBe('too_late');
    expect(shop.taken.get(ORDER.orderId)).toBe('refunded');
    await expectFair(shop, 'too_late');
  });

  const steps = Array.from({ length: 9 }, (_, step) => step);
  const kinds: Fault[] = ['before', 'after', 'late', 'busy'];

  it.each(steps.flatMap((step) => kinds.map((kind) => ({ step, kind }))))(
    'is fair when call $step ends as: $kind',
    async ({ step, kind }) => {
      for (const declines of [false, true]) {
        const faults: Fault[] = [...steps.map(() => 'none' as const)];
        faults[step] = kind;
        const shop = await open({ faults, declines });
        await expectFair(shop, await shop.untilItReturns(order));
      }
    },
  );

  it.each(Array.from({ length: 20 }, (_, step) => step))(
    'is fair to two attempts side by side when call %i meets a clock that is ahead',
    async (step) => {
      const faults: Fault[] = Array.from({ length: step }, () => 'none');
      const shop = await open({ faults: [...faults, 'ahead'] });
      const outcomes = await Promise.all([shop.untilItReturns(order), shop.untilItReturns(order)]);
      expect(new Set(outcomes).size).toBe(1);
      await expectFair(shop, outcomes[0]);
    },
  );

  it('is fair whatever fails, twice at once', async () => {
    const fault = fc.constantFrom<Fault>('none', 'none', 'none', 'before', 'after', 'late', 'busy');
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 40 }), fc.boolean(), async (faults, declines) => {
        const shop = await open({ faults, declines });
        const [outcome, other] = await Promise.all([shop.untilItReturns(order), shop.untilItReturns(order)]);
        expect(other).toBe(outcome);
        await expectFair(shop, outcome);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the example', () => {
  it('is what the document shows', () => {
    const [shown] = codeBlocks('docs/checkout-saga.md', 'ts');
    expect(shown).toBe(readFileSync('docs/examples/checkout.ts', 'utf8'));
  });

  it('waits for a verdict: another status may have had its effect', async () => {
    const shop = await open();
    const reply = async () => ({ status: 401, body: {} });
    const broken = Object.assign(Object.create(shop), { inventory: reply });
    broken.decision = shop.decision.bind(shop);
    await expect(checkout(broken, ORDER)).rejects.toThrow(AgainLaterError);
  });
});
