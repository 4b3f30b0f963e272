/** What callers do with the deliveries of a webhook: look at them, replay one, ask for one to try the webhook. */
import { type Delivery, parseDeliveryId, replayed } from '../domain/delivery.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import { PING_TYPE } from '../domain/webhook.ts';
import { actingIn } from './acting-in.ts';
import { fillPage } from './list-page.ts';
import { knownWebhook, NO_SUCH_WEBHOOK, type WebhookKey } from './manage-webhooks.ts';
import { deliveryOf } from './notify-webhooks.ts';
import type { Dependencies, Page, PageRequest } from './ports.ts';
import { timePosition } from './read-lists.ts';
import { changeDelivery, createDelivery } from './write-delivery.ts';

/** Random digits of a ping's event id: as many as a UUID has. */
const PING_ID_DIGITS = 32;

const NO_SUCH_DELIVERY: Rejection = { code: 'not_found', detail: 'There is no such delivery.' };

/** Deliveries of a webhook, newest first, as this replica knows them; all states unless one is asked for. */
export function listDeliveries(
  deps: Dependencies,
  { status, ...key }: WebhookKey & { readonly status?: Delivery['status'] },
  page: PageRequest,
): Promise<Page<Delivery>> {
  return fillPage(page, {
    read: (part) => deps.store.listDeliveries(key, part),
    accepts: (delivery) => status === undefined || delivery.status === status,
    positionOf: ({ createdAtMs, deliveryId }) => timePosition(createdAtMs, deliveryId),
  });
}

/**
 * Begins a delivery anew, in the region that keeps it; its sweep sends it. One that is pending stays as it is.
 *
 * Rejections: `not_found`.
 */
export async function replayDelivery(
  deps: Dependencies,
  { deliveryId, ...key }: WebhookKey & { readonly deliveryId: string },
): Promise<Result<Delivery>> {
  if ((await knownWebhook(deps, key)) === undefined) return reject(NO_SUCH_WEBHOOK);
  const parts = parseDeliveryId(deliveryId);
  if (parts === undefined || !deps.regions.includes(parts.region)) return reject(NO_SUCH_DELIVERY);
  const owner = actingIn(deps, parts.region);
  const { createdAtMs } = parts;
  const found = await owner.store.get('delivery', { ...key, createdAtMs, deliveryId }, 'strong');
  if (found === undefined) return reject(NO_SUCH_DELIVERY);
  const nowMs = deps.clock.now();
  const changed = await changeDelivery(owner, found, (current) =>
    current.status === 'pending' ? undefined : replayed(current, nowMs),
  );
  return changed === undefined ? reject(NO_SUCH_DELIVERY) : succeed(changed);
}

/**
 * Makes a delivery to try a webhook, in the region that is asked; its sweep sends it.
 *
 * Rejections: `not_found`.
 */
export async function pingWebhook(deps: Dependencies, key: WebhookKey): Promise<Result<Delivery>> {
  if ((await knownWebhook(deps, key)) === undefined) return reject(NO_SUCH_WEBHOOK);
  const { tenantId, webhookId } = key;
  const occurredAtMs = deps.clock.now();
  const detail = {
    id: `ping-${deps.random.hex(PING_ID_DIGITS)}`,
    tenantId,
    region: deps.region,
    occurredAt: new Date(occurredAtMs).toISOString(),
    subject: webhookId,
    sequence: occurredAtMs,
    data: { webhookId },
  };
  const ping = deliveryOf(deps, key, { detailType: PING_TYPE, detail, occurredAtMs, sentBy: 'sweep' });
  return succeed(await createDelivery(deps, ping));
}
