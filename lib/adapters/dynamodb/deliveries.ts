/** Webhooks and their deliveries. */
import type { DeliveryQuery, Page, PageRequest } from '../../application/ports.ts';
import type { Delivery } from '../../domain/delivery.ts';
import type { Webhook } from '../../domain/webhook.ts';
import { assertLimit } from './answer-limits.ts';
import type { Database } from './database.ts';
import { fromItem } from './items.ts';
import { SORT } from './keys.ts';
import { LAST } from './list-pages.ts';
import { deliveriesPartition, tenantPartition } from './partitions.ts';
import { queryItems, queryPage } from './queries.ts';

/** A tenant has a few webhooks of a few kilobytes. */
const WEBHOOK_PAGES_MAX = 1;

/** All webhooks of a tenant. Strong: one is used right after it was made. */
export async function readWebhooks(database: Database, tenantId: string): Promise<Webhook[]> {
  const first = `${SORT.webhook}#`;
  const range = { partition: tenantPartition(tenantId), from: first, to: `${first}${LAST}` };
  const items = await queryItems(database, range, { strong: true, pagesMax: WEBHOOK_PAGES_MAX });
  return items.map((item) => fromItem('webhook', item));
}

/**
 * Deliveries of a webhook, newest first. Each holds a whole event, so a page ends where one query does, at 1 MB, and
 * says where to go on.
 */
export async function listDeliveries(
  database: Database,
  { tenantId, webhookId }: DeliveryQuery,
  { limit, after }: PageRequest,
): Promise<Page<Delivery>> {
  assertLimit(limit);
  const first = `${SORT.delivery}#`;
  const end = `${first}${after ?? LAST}`;
  const range = { partition: deliveriesPartition(tenantId, webhookId), from: first, to: end };
  // One more than the page tells whether there is another; and the last of the page before is in the range.
  const wanted = limit + 1 + (after === undefined ? 0 : 1);
  const answer = await queryPage(database, range, { limit: wanted, newestFirst: true, strong: true });
  const found = answer.items.filter(({ sk }) => sk !== end);
  const items = found.slice(0, limit);
  const hasMore = found.length > limit || answer.next !== undefined;
  const last = hasMore ? items.at(-1) : undefined;
  const deliveries = items.map((item) => fromItem('delivery', item));
  return last === undefined
    ? { items: deliveries }
    : { items: deliveries, next: String(last['sk']).slice(first.length) };
}
