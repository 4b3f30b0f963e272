import { expect, it } from 'vitest';
import type { Delivery } from '../../lib/domain/delivery.ts';
import { type Named, put, storeAll } from '../support/guarded-writes.ts';
import { allPages } from '../support/pages.ts';
import { apiKeyRecord, deliveryRecord, freshTenant, webhookRecord } from '../support/stored-records.ts';
import type { OpenStore } from './open-store.ts';

const webhook = (tenantId: string, webhookId: string): Named => [
  'webhook',
  webhookRecord({ tenantId, webhookId }),
];
const delivery = (given: Partial<Delivery>): Named => ['delivery', deliveryRecord(given)];
const idsOf = (deliveries: readonly Delivery[]) => deliveries.map(({ deliveryId }) => deliveryId);

/** Bytes of an event that is as large as one may be: a page of them is more than one query reads. */
const LARGE_BYTES = 250_000;
const LARGE_DELIVERIES = 9;

export function testWebhooks(open: OpenStore): void {
  it('finds the webhooks of a tenant by id, and of no other', async () => {
    const store = open();
    const tenantId = freshTenant();
    await storeAll(
      store,
      webhook(tenantId, 'b'),
      webhook(tenantId, 'a'),
      webhook(`${tenantId}.2`, 'c'),
      ['apiKey', apiKeyRecord({ tenantId })],
      delivery({ tenantId, webhookId: 'a' }),
    );
    expect(await store.webhooks(tenantId)).toEqual([
      webhookRecord({ tenantId, webhookId: 'a' }),
      webhookRecord({ tenantId, webhookId: 'b' }),
    ]);
    expect(await store.webhooks(freshTenant())).toEqual([]);
  });

  it('lists the deliveries of a webhook, newest first, page by page', async () => {
    const store = open();
    const tenantId = freshTenant();
    const made = (createdAtMs: number, deliveryId: string, webhookId = 'a') =>
      delivery({ tenantId, webhookId, createdAtMs, deliveryId });
    await storeAll(store, made(2, 'x'), made(10, 'w'), made(1, 'z'), made(2, 'y'), made(3, 'other', 'b'));
    const query = { tenantId, webhookId: 'a' };
    for (const limit of [1, 2, 3, 4]) {
      const pages = await allPages(limit, (page) => store.listDeliveries(query, page));
      expect(pages.flatMap(idsOf)).toEqual(['w', 'y', 'x', 'z']);
      expect(pages.every((page) => page.length <= limit)).toBe(true);
    }
    expect(await store.listDeliveries(query, { limit: 1 })).toEqual({
      items: [deliveryRecord({ tenantId, webhookId: 'a', createdAtMs: 10, deliveryId: 'w' })],
      next: '0000000000010#w',
    });
  });

  it('goes on from a delivery that is gone', async () => {
    const store = open();
    const tenantId = freshTenant();
    await storeAll(store, ...[1, 2, 4].map((createdAtMs) => delivery({ tenantId, createdAtMs })));
    const { webhookId } = deliveryRecord();
    const page = await store.listDeliveries({ tenantId, webhookId }, { limit: 9, after: '0000000000003#x' });
    expect(page.items.map(({ createdAtMs }) => createdAtMs)).toEqual([2, 1]);
  });

  it('lists all deliveries of large events, however short the pages', async () => {
    const store = open();
    const tenantId = freshTenant();
    const times = Array.from({ length: LARGE_DELIVERIES }, (_, index) => index + 1);
    for (const createdAtMs of times) {
      const body = 'x'.repeat(LARGE_BYTES);
      await store.commit([put(delivery({ tenantId, createdAtMs, body }))]);
    }
    const { webhookId } = deliveryRecord();
    const pages = await allPages(9, (page) => store.listDeliveries({ tenantId, webhookId }, page));
    expect(pages.flat().map(({ createdAtMs }) => createdAtMs)).toEqual(times.toReversed());
  });

  it('finds deliveries that are due in their region, and forgets those that are gone', async () => {
    const region = `region-of-${freshTenant()}`;
    const store = open(region);
    const due = deliveryRecord({ region, dueAtMs: 5, deliveryId: 'due' });
    await storeAll(
      store,
      ['delivery', due],
      delivery({ region, dueAtMs: 6, deliveryId: 'later' }),
      delivery({ region: 'elsewhere', dueAtMs: 1, deliveryId: 'theirs' }),
    );
    expect((await store.dueWork(5)).deliveries).toEqual([due]);
    const { attempts, ...rest } = due;
    await storeAll(store, ['delivery', { ...rest, attempts, dueAtMs: 9, version: 2 }]);
    expect(idsOf((await store.dueWork(6)).deliveries)).toEqual(['later']);
  });
}
