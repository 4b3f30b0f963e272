import { beforeEach, describe, expect, it } from 'vitest';
import { attemptDelivery } from '../../../lib/application/attempt-delivery.ts';
import { listDeliveries, pingWebhook, replayDelivery } from '../../../lib/application/manage-deliveries.ts';
import { deleteWebhook } from '../../../lib/application/manage-webhooks.ts';
import { notifyWebhooks } from '../../../lib/application/notify-webhooks.ts';
import { createRestingReceivers, type RestingReceivers } from '../../../lib/application/resting-receivers.ts';
import { sweepOnce } from '../../../lib/application/sweep.ts';
import { createWebhookDirectory } from '../../../lib/application/webhook-directory.ts';
import type {
  DeliveryMessage,
  DeliveryQueue,
  WebhookOutcome,
  WebhookRequest,
} from '../../../lib/application/webhook-ports.ts';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import type { Webhook } from '../../../lib/domain/webhook.ts';
import { put } from '../../support/guarded-writes.ts';
import { webhookRecord } from '../../support/stored-records.ts';
import { CALLER, createWorld, REGION, TENANT, type World } from '../../support/world.ts';

const OCCURRED_AT_MS = Date.parse('2026-11-24T11:59:59.000Z');
const DAY_MS = 86_400_000;
const KEY = { tenantId: TENANT, webhookId: 'erp' };

const event = (id = 'event-1', detailType = 'stock.out') => ({
  detailType,
  detail: { id, tenantId: TENANT, region: REGION, data: { sku: 'a' } },
  occurredAtMs: OCCURRED_AT_MS,
});

/** A queue that keeps what it is sent, and may be down. */
class FakeQueue implements DeliveryQueue {
  readonly messages: DeliveryMessage[] = [];
  isDown = false;

  async send(messages: readonly DeliveryMessage[]): Promise<ReadonlySet<string>> {
    if (this.isDown) return new Set(messages.map(({ id }) => id));
    this.messages.push(...messages);
    return new Set();
  }
}

let world: World;
let queue: FakeQueue;
let posts: WebhookRequest[];
let answers: WebhookOutcome[];
let receivers: RestingReceivers;

const store = (given: Partial<Webhook> = {}) =>
  world.store.commit([put(['webhook', webhookRecord({ ...KEY, ...given })])]);
const notify = (given = event()) =>
  notifyWebhooks(
    { ...world, webhooks: createWebhookDirectory(world.store, world.clock), deliveryQueue: queue },
    given,
  );
const sweep = () => sweepOnce({ ...world, deliveryQueue: queue });
const deliveries = async (status?: Delivery['status']) =>
  (await listDeliveries(world, { ...KEY, ...(status && { status }) }, { limit: 100 })).items;

/** The worker gets everything that is on the queue. */
async function work(): Promise<void> {
  const sender = {
    post: async (request: WebhookRequest) => {
      posts.push(request);
      return answers.shift() ?? { statusCode: 204 };
    },
  };
  for (const message of queue.messages.splice(0)) {
    await attemptDelivery({ ...world, sender, receivers }, message);
  }
}

beforeEach(async () => {
  world = createWorld();
  queue = new FakeQueue();
  posts = [];
  answers = [];
  receivers = createRestingReceivers(world.clock);
  await store();
});

describe('an event', () => {
  it('is delivered to each webhook of its tenant that wants it', async () => {
    await store({ webhookId: 'all' });
    await store({ webhookId: 'other', detailTypes: ['stock.low'] });
    await store({ webhookId: 'theirs', tenantId: 'rival' });
    await notify();
    await work();
    expect(posts.map(({ webhookId }) => webhookId)).toEqual(['all', 'erp']);
    expect(JSON.parse(posts[0]?.body ?? '')).toEqual({
      detailType: 'stock.out',
      source: 'holdfast',
      detail: event().detail,
    });
    expect(await deliveries()).toMatchObject([{ status: 'delivered', eventId: 'event-1', tries: 1 }]);
  });

  it('that comes twice makes one delivery, which is sent again only if it was not tried yet', async () => {
    await notify();
    await notify();
    expect(queue.messages).toHaveLength(2);
    await work();
    expect(posts).toHaveLength(1);
    await notify();
    expect(queue.messages).toHaveLength(0);
    expect(await deliveries()).toHaveLength(1);
  });

  it('is sent by the sweep, a minute later, if the queue did not take it', async () => {
    queue.isDown = true;
    await notify();
    queue.isDown = false;
    world.clock.advance(59_999);
    await sweep();
    expect(queue.messages).toHaveLength(0);
    world.clock.advance(1);
    await sweep();
    await sweep();
    expect(queue.messages).toHaveLength(1);
    await work();
    expect(await deliveries('delivered')).toHaveLength(1);
  });
});

describe('a delivery', () => {
  it('that fails is sent by the sweep when it is due, until it is taken', async () => {
    answers.push({ statusCode: 500 }, { error: 'TIMEOUT' });
    receivers = { restsUntilMs: () => undefined, learn: () => undefined };
    await notify();
    await work();
    const [first] = await deliveries('pending');
    expect(first).toMatchObject({ tries: 1, attempts: [{ statusCode: 500 }] });
    for (const tries of [2, 3]) {
      const [pending] = await deliveries('pending');
      world.clock.advance((pending?.nextAttemptAtMs ?? 0) - world.clock.now());
      await sweep();
      await work();
      expect(await deliveries()).toMatchObject([{ tries }]);
    }
    expect(await deliveries()).toMatchObject([
      { status: 'delivered', attempts: [{ statusCode: 500 }, { error: 'TIMEOUT' }, { statusCode: 204 }] },
    ]);
  });

  it('is not tried again before it is due, however often its message comes', async () => {
    answers.push({ statusCode: 503, retryAfterMs: 60_000 });
    await notify();
    const [message] = queue.messages;
    await work();
    if (message !== undefined) queue.messages.push(message, message);
    await work();
    expect(posts).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ nextAttemptAtMs: world.clock.now() + 60_000 }]);
  });

  it('is recorded once as delivered, although another worker failed at the same moment', async () => {
    await notify();
    const [message] = queue.messages.splice(0);
    if (message === undefined) throw new Error('Nothing was sent');
    const failing = {
      post: async () => {
        // While this one waits for its receiver, the other is done.
        queue.messages.push(message);
        await work();
        world.clock.advance(1);
        return { statusCode: 500 };
      },
    };
    await attemptDelivery({ ...world, sender: failing, receivers }, message);
    expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: [{ statusCode: 204 }] }]);
  });

  it('is signed with both secrets while they rotate, and goes where its webhook points now', async () => {
    await notify();
    await store({
      url: 'https://moved.example/',
      secret: 'second',
      formerSecret: 'first',
      formerSecretUntilMs: world.clock.now() + 1,
    });
    await work();
    expect(posts).toMatchObject([
      { url: 'https://moved.example/', secrets: ['second', 'first'], eventId: 'event-1' },
    ]);
  });

  it('is parked when its webhook was deleted, and can still be looked at', async () => {
    await notify();
    await deleteWebhook(world, CALLER, { webhookId: 'erp', precondition: () => true });
    await work();
    expect(posts).toHaveLength(0);
    expect(await deliveries('parked')).toMatchObject([{ parkedReason: 'webhook_deleted', attempts: [] }]);
  });

  it('that is another region’s, or unknown, is left alone', async () => {
    await notify();
    const [{ id = '' } = {}] = queue.messages.splice(0);
    const ids = [id.replace(REGION, 'eu-west-1'), id.replace(/.$/, 'x'), 'dlv', `${id.slice(0, -1)}0`];
    for (const other of ids.filter((candidate) => candidate !== id))
      queue.messages.push({ id: other, ...KEY });
    // As replication brings it: a delivery that another region sends.
    const [theirs] = await deliveries();
    if (theirs === undefined) throw new Error('Nothing was made');
    const deliveryId = id.replace(REGION, 'eu-west-1');
    await world.store.commit([put(['delivery', { ...theirs, deliveryId, region: 'eu-west-1' }])]);
    await work();
    expect(posts).toHaveLength(0);
  });

  it('is listed in its state', async () => {
    answers.push({ statusCode: 410 }, { statusCode: 500 });
    for (const id of ['parked', 'pending', 'delivered']) await notify(event(id));
    await work();
    expect(await deliveries()).toHaveLength(3);
    for (const status of ['pending', 'delivered', 'parked'] as const) {
      expect(await deliveries(status)).toMatchObject([{ status, eventId: status }]);
    }
  });

  it('is forgotten a week after it was taken', async () => {
    await notify();
    await work();
    world.clock.advance(7 * DAY_MS - 1);
    await sweep();
    expect(await deliveries()).toHaveLength(1);
    world.clock.advance(1);
    await sweep();
    expect(await deliveries()).toHaveLength(0);
  });
});

describe('a receiver that does not answer', () => {
  it('is left alone for half a minute, and what comes meanwhile is put off without a try', async () => {
    answers.push({ error: 'TIMEOUT' });
    for (const id of ['first', 'second', 'third']) await notify(event(id));
    await work();
    expect(posts).toHaveLength(1);
    const pending = await deliveries('pending');
    const waitsMs = pending
      .filter(({ eventId }) => eventId !== 'first')
      .map(({ nextAttemptAtMs = 0 }) => nextAttemptAtMs - world.clock.now());
    expect(waitsMs).toHaveLength(2);
    expect(Math.min(...waitsMs)).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...waitsMs)).toBeLessThan(60_000);
    expect(pending.map(({ tries }) => tries).toSorted()).toEqual([0, 0, 1]);
    world.clock.advance(60_000);
    await sweep();
    await work();
    expect(await deliveries('delivered')).toHaveLength(3);
  });

  it('is asked at once when its webhook was put anew, and others are not held up', async () => {
    await store({ webhookId: 'other' });
    answers.push({ error: 'ECONNREFUSED' });
    await notify();
    await work();
    expect(posts.map(({ webhookId }) => webhookId)).toEqual(['erp', 'other']);
    await store({ version: 2, url: 'https://mended.example/' });
    await notify(event('second', 'stock.back'));
    await work();
    expect(posts.slice(2)).toMatchObject([{ url: 'https://mended.example/' }, { webhookId: 'other' }]);
  });

  it('may answer with any status: one that refuses is there', async () => {
    answers.push({ statusCode: 500 });
    await notify();
    await notify(event('second'));
    await work();
    expect(posts).toHaveLength(2);
  });
});

describe('the sweep', () => {
  it('looks no further while the queue takes nothing', async () => {
    for (let index = 0; index < 30; index += 1) await pingWebhook(world, KEY);
    queue.isDown = true;
    expect(await sweep()).toMatchObject({ reviewed: 0 });
    queue.isDown = false;
    await sweep();
    expect(queue.messages).toHaveLength(5);
    world.clock.advance(300_000);
    await sweep();
    expect(queue.messages).toHaveLength(35);
  });
});

describe('a replay', () => {
  it('delivers the same event once more', async () => {
    answers.push({ statusCode: 410 });
    await notify();
    await work();
    const [{ deliveryId = '' } = {}] = await deliveries('parked');
    world.clock.advance(DAY_MS);
    const replay = () => replayDelivery(world, { ...KEY, deliveryId });
    expect(await replay()).toMatchObject({ ok: true, value: { status: 'pending', tries: 0 } });
    const again = await replay();
    expect(again).toMatchObject({ ok: true, value: { status: 'pending', version: 3 } });
    await sweep();
    await work();
    expect(posts).toHaveLength(2);
    expect(posts[1]).toMatchObject({ body: posts[0]?.body, eventId: 'event-1', deliveryId });
    expect(await deliveries('delivered')).toHaveLength(1);
  });

  it('finds nothing under an id that is unknown, malformed, or of no region, or without a webhook', async () => {
    const hash = '0'.repeat(32);
    const replicas = {
      in: (region: string) => {
        throw new Error(`There is no region ${region}`);
      },
    };
    for (const deliveryId of [
      'dlv',
      `dlv.us-east-1.0000000000001.${hash}`,
      `dlv.xx-east-1.0000000000001.${hash}`,
    ]) {
      const result = await replayDelivery({ ...world, replicas }, { ...KEY, deliveryId });
      expect(result).toMatchObject({ rejection: { code: 'not_found' } });
    }
    await notify();
    const [{ deliveryId = '' } = {}] = await deliveries();
    await deleteWebhook(world, CALLER, { webhookId: 'erp', precondition: () => true });
    const result = await replayDelivery(world, { ...KEY, deliveryId });
    expect(result).toMatchObject({ rejection: { code: 'not_found' } });
  });
});

describe('a ping', () => {
  it('is delivered whatever types the webhook names, within the next sweep', async () => {
    await store({ detailTypes: ['stock.low'] });
    const pinged = await pingWebhook(world, KEY);
    expect(pinged).toMatchObject({ ok: true, value: { detailType: 'webhook.ping', status: 'pending' } });
    await sweep();
    await work();
    expect(JSON.parse(posts[0]?.body ?? '')).toMatchObject({
      detailType: 'webhook.ping',
      detail: { tenantId: TENANT, region: REGION, subject: 'erp', data: { webhookId: 'erp' } },
    });
    expect(await deliveries('delivered')).toHaveLength(1);
  });

  it('needs a webhook', async () => {
    expect(await pingWebhook(world, { ...KEY, webhookId: 'none' })).toMatchObject({
      rejection: { code: 'not_found' },
    });
  });
});

describe('the directory of webhooks', () => {
  it('remembers for three seconds, but no read that failed', async () => {
    let reads = 0;
    const failing = Object.assign(Object.create(world.store) as World['store'], {
      webhooks: async (tenantId: string) => {
        reads += 1;
        if (reads === 1) throw new Error('down');
        return world.store.webhooks(tenantId);
      },
    });
    const directory = createWebhookDirectory(failing, world.clock);
    await expect(directory.of(TENANT)).rejects.toThrow('down');
    await Promise.all([directory.of(TENANT), directory.of(TENANT)]);
    world.clock.advance(2_999);
    expect(await directory.of(TENANT)).toHaveLength(1);
    expect(reads).toBe(2);
    world.clock.advance(1);
    await directory.of(TENANT);
    expect(reads).toBe(3);
  });
});
