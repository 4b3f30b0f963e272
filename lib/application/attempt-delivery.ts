import { afterAttempt, type Delivery, mayBeTried, orphaned, parseDeliveryId } from '../domain/delivery.ts';
import { signingSecrets, type Webhook } from '../domain/webhook.ts';
import { knownWebhook } from './manage-webhooks.ts';
import type { Dependencies } from './ports.ts';
import type { DeliveryMessage, WebhookOutcome, WebhookSender } from './webhook-ports.ts';
import { changeDelivery } from './write-delivery.ts';

/** The delivery that a message is about, if it is this region's and there still. */
async function readDelivery(
  deps: Dependencies,
  { id: deliveryId, tenantId, webhookId }: DeliveryMessage,
): Promise<Delivery | undefined> {
  const parts = parseDeliveryId(deliveryId);
  if (parts === undefined || parts.region !== deps.region) return undefined;
  const key = { tenantId, webhookId, createdAtMs: parts.createdAtMs, deliveryId };
  return deps.store.get('delivery', key, 'strong');
}

/** Posts it, to where its webhook points now. */
function send(
  { sender }: { readonly sender: WebhookSender },
  { url, ...webhook }: Webhook,
  { delivery, atMs }: { readonly delivery: Delivery; readonly atMs: number },
): Promise<WebhookOutcome> {
  const { webhookId, deliveryId, eventId, body } = delivery;
  const secrets = signingSecrets(webhook, atMs);
  return sender.post({ url, secrets, webhookId, deliveryId, eventId, atMs, body });
}

/**
 * Tries a delivery that is due. A message that comes twice or late finds it done, postponed or gone, and does
 * nothing; two that are followed at the same moment may both post, and one of them records what became of it.
 */
export async function attemptDelivery(
  deps: Dependencies & { readonly sender: WebhookSender },
  message: DeliveryMessage,
): Promise<void> {
  const delivery = await readDelivery(deps, message);
  const startedAtMs = deps.clock.now();
  if (delivery === undefined || !mayBeTried(delivery, startedAtMs)) return;
  const webhook = await knownWebhook(deps, delivery);
  if (webhook === undefined) {
    await changeDelivery(deps, delivery, (current) =>
      current.status === 'pending' ? orphaned(current, startedAtMs) : undefined,
    );
    return;
  }
  const { retryAfterMs, ...outcome } = await send(deps, webhook, { delivery, atMs: startedAtMs });
  const attempt = { atMs: deps.clock.now(), ...outcome };
  const failure = {
    fraction: deps.random.fraction(),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
  await changeDelivery(deps, delivery, (current) => {
    // An answer that was lost and a write that was sent again is no second attempt.
    const isRecorded = current.attempts.some(({ atMs }) => atMs === attempt.atMs);
    if (current.status !== 'pending' || isRecorded) return undefined;
    return afterAttempt(current, attempt, failure);
  });
}
