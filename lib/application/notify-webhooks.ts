import { type Delivery, formatDeliveryId, HASH_LENGTH, isUntried, newDelivery } from '../domain/delivery.ts';
import { type Webhook, wants } from '../domain/webhook.ts';
import type { Dependencies } from './ports.ts';
import type { DeliveryMessage, DeliveryQueue, WebhookDirectory } from './webhook-ports.ts';
import { createDelivery } from './write-delivery.ts';

/** An event as the bus carries it. */
export interface BusEvent {
  readonly detailType: string;
  /** CloudEvents-shaped; the fields named here and whatever else it has. */
  readonly detail: { readonly id: string; readonly tenantId: string };
  readonly occurredAtMs: number;
}

/** Who sends events, as the bus has it. */
const SOURCE = 'holdfast';

/** The delivery of an event to a webhook: the same whenever it is made. */
export function deliveryOf(
  { digest, region, clock }: Pick<Dependencies, 'digest' | 'region' | 'clock'>,
  { tenantId, webhookId }: Pick<Webhook, 'tenantId' | 'webhookId'>,
  event: BusEvent & { readonly sentBy: 'queue' | 'sweep' },
): Delivery {
  const { detailType, detail, occurredAtMs, sentBy } = event;
  const eventId = detail.id;
  const hash = digest.hex(HASH_LENGTH, tenantId, webhookId, eventId);
  const deliveryId = formatDeliveryId({ region, createdAtMs: occurredAtMs, hash });
  const body = JSON.stringify({ detailType, source: SOURCE, detail });
  const key = { tenantId, webhookId, deliveryId, createdAtMs: occurredAtMs };
  return newDelivery({ ...key, region, detailType, eventId, body }, clock.now(), sentBy);
}

export const messageOf = ({ deliveryId, tenantId, webhookId }: Delivery): DeliveryMessage => ({
  id: deliveryId,
  tenantId,
  webhookId,
});

/**
 * Makes a delivery for each webhook that wants an event, and puts it on the queue. Safe to run twice: a delivery that
 * is there already is sent only if it was never tried. What the queue does not take, the sweep sends.
 */
export async function notifyWebhooks(
  deps: Dependencies & { readonly webhooks: WebhookDirectory; readonly deliveryQueue: DeliveryQueue },
  event: BusEvent,
): Promise<void> {
  const webhooks = await deps.webhooks.of(event.detail.tenantId);
  const wanted = webhooks.filter((webhook) => wants(webhook, event.detailType));
  const deliveries = await Promise.all(
    wanted.map((webhook) => createDelivery(deps, deliveryOf(deps, webhook, { ...event, sentBy: 'queue' }))),
  );
  const messages = deliveries.filter(isUntried).map(messageOf);
  if (messages.length > 0) await deps.deliveryQueue.send(messages);
}
