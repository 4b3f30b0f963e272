/**
 * Orders by the queue, as a bad day has it: every message three times and in any order, one in a hundred unusable, calls
 * of the store cut off before and after their effect, whole batches lost, workers side by side.
 */
import { describe, expect, it } from 'vitest';
import { readOrderMessage } from '../../lambdas/orders/order-message.ts';
import { queueHandler } from '../../lambdas/queue/batch.ts';
import { acceptOrder } from '../../lib/application/accept-order.ts';
import { type Store, StoreUnavailableError } from '../../lib/application/ports.ts';
import { MAX_RECEIVES, QUEUES } from '../../lib/config/queues.ts';
import { stateOf } from '../../lib/domain/reservation-state.ts';
import { Shop } from '../support/shop.ts';
import { createWorld, seededRandomness, TENANT } from '../support/world.ts';

const ORDERS = 500;
const COPIES = 3;
const WORKERS = 4;
/** Of a hundred messages or calls. */
const PERCENT = { poison: 1, cutOff: 4, lostBatch: 3 };

interface Queued {
  readonly body: string;
  receives: number;
}

class BadDay {
  readonly #random: () => number;
  readonly shop: Shop;
  faults = true;
  waiting: Queued[] = [];
  readonly dead: Queued[] = [];

  constructor(seed: number) {
    this.#random = seededRandomness(seed).fraction;
    this.shop = new Shop(createWorld({ seed, wrap: this.#wrap }));
  }

  happens = (percent: number): boolean => this.faults && this.#random() * 100 < percent;

  #wrap = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          if (this.happens(PERCENT.cutOff)) throw new StoreUnavailableError('cut off before its effect');
          const answer = await method.apply(target, args);
          await new Promise(setImmediate);
          if (this.happens(PERCENT.cutOff)) throw new StoreUnavailableError('cut off after its effect');
          return answer;
        };
      },
    });

  #handler = queueHandler({
    logger: { info: () => undefined, error: () => undefined },
    metrics: { record: () => undefined },
    nowMs: () => this.shop.world.clock.now(),
    hide: async () => undefined,
    parse: readOrderMessage,
    run: async (message) => void (await acceptOrder(this.shop.world, message)),
  });

  send(body: string): void {
    this.waiting.splice(Math.floor(this.#random() * (this.waiting.length + 1)), 0, { body, receives: 0 });
  }

  /** Takes one batch off, as Lambda does. A batch that is lost is shown again as a whole. */
  async #workOff(): Promise<void> {
    const batch = this.waiting.splice(0, QUEUES.orders.batchSize);
    for (const message of batch) message.receives += 1;
    const Records = batch.map(({ body, receives }, index) => ({
      messageId: String(index),
      receiptHandle: 'handle',
      body,
      attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: '0' },
    }));
    const { batchItemFailures } = await this.#handler(
      { Records },
      { getRemainingTimeInMillis: () => 30_000 },
    );
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier)));
    const isLost = this.happens(PERCENT.lostBatch);
    for (const [index, message] of batch.entries()) {
      if (!isLost && !failed.has(index)) continue;
      (message.receives >= MAX_RECEIVES ? this.dead : this.waiting).push(message);
    }
  }

  async untilEmpty(): Promise<void> {
    while (this.waiting.length > 0) {
      await Promise.all(Array.from({ length: WORKERS }, () => this.#workOff()));
    }
  }
}

describe('orders on a bad day', () => {
  it.each([1, 2, 3])('are each recorded exactly once, and poison blocks nothing (seed %i)', async (seed) => {
    const day = new BadDay(seed);
    const { shop } = day;
    day.faults = false;
    await shop.open(ORDERS);
    const orders = new Map<string, string>();
    for (let index = 0; index < ORDERS; index += 1) {
      const reservationId = await shop.hold(1);
      const orderId = `order-${index}`;
      orders.set(orderId, reservationId);
      await (index % 2 === 0
        ? shop.confirm(reservationId, { orderId })
        : shop.queue(reservationId, { orderId }));
    }
    for (const reservationId of orders.values()) {
      const body = JSON.stringify({ id: 'm', tenantId: TENANT, reservationId, version: 2 });
      for (let copy = 0; copy < COPIES; copy += 1) day.send(body);
    }
    const poison = Array.from(
      { length: (ORDERS * COPIES * PERCENT.poison) / 100 },
      (_, index) => `{"poison":${index}`,
    );
    for (const body of poison) day.send(body);

    day.faults = true;
    await day.untilEmpty();
    const parked = day.dead.map(({ body }) => body);
    expect(parked).toEqual(expect.arrayContaining(poison));
    expect(day.dead.every(({ receives }) => receives === MAX_RECEIVES)).toBe(true);

    // What was only unlucky is in order after a redrive.
    day.faults = false;
    for (const body of day.dead.splice(0).map(({ body: dead }) => dead)) day.send(body);
    await day.untilEmpty();
    expect(day.dead.map(({ body }) => body).toSorted()).toEqual(poison.toSorted());
    for (const [orderId, reservationId] of orders) {
      const records = await shop.world.store.ordersUnder(TENANT, orderId);
      expect(records).toMatchObject([{ reservationId, status: 'accepted', version: 1 }]);
      const reservation = await shop.reservation(reservationId);
      expect(stateOf(reservation)).toMatchObject({ status: 'confirmed', orderId });
      expect(reservation.history.filter(({ did }) => did === 'confirm')).toHaveLength(1);
    }
  });
});
