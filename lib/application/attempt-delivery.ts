import {
  afterAttempt,
  type Delivery,
  mayBeTried,
  orphaned,
  parseDeliveryId,
  postponed,
} from '../domain/delivery.ts';
import { signingSecrets, type Webhook } from '../domain/webhook.ts';
import { knownWebhook } from './manage-webhooks.ts';
import type { Dependencies } from './ports.ts';
import { REST_MS, type RestingReceivers } from './resting-receivers.ts';
import type { DeliveryMessage, WebhookSender } from './webhook-ports.ts';
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

type DeliverDependencies = Dependencies & {
  readonly sender: WebhookSender;
  readonly receivers: RestingReceivers;
};

interface Found {
  readonly delivery: Delivery;
  readonly webhook: Webhook;
  readonly nowMs: number;
}

/** Posts it, to where its webhook points now, and records what became of it. */
async function post(deps: DeliverDependencies, { delivery, webhook, nowMs }: Found): Promise<void> {
  const { webhookId, deliveryId, eventId, body } = delivery;
  const secrets = signingSecrets(webhook, nowMs);
  const request = { url: webhook.url, secrets, webhookId, deliveryId, eventId, atMs: nowMs, body };
  const { retryAfterMs, ...outcome } = await deps.sender.post(request);
  deps.receivers.learn(webhook, outcome);
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

/**
 * Tries a delivery that is due. A message that comes twice or late finds it done, postponed or gone, and does
 * nothing; two that are followed at the same moment may both post, and one of them records what became of it.
 */
export async function attemptDelivery(deps: DeliverDependencies, message: DeliveryMessage): Promise<void> {
  const delivery = await readDelivery(deps, message);
  const nowMs = deps.clock.now();
  if (delivery === undefined || !mayBeTried(delivery, nowMs)) return;
  const webhook = await knownWebhook(deps, delivery);
  if (webhook === undefined) {
    await changeDelivery(deps, delivery, (current) =>
      current.status === 'pending' ? orphaned(current, nowMs) : undefined,
    );
    return;
  }
  const restsUntilMs = deps.receivers.restsUntilMs(webhook);
  if (restsUntilMs === undefined) {
    await post(deps, { delivery, webhook, nowMs });
    return;
  }
  // Spread, so that what has gathered meanwhile does not come at once.
  const nextAttemptAtMs = restsUntilMs + Math.floor(deps.random.fraction() * REST_MS);
  // If it has changed meanwhile, another message about it was followed, and it needs nothing.
  await changeDelivery(deps, delivery, (current) =>
    current.version === delivery.version ? postponed(current, nextAttemptAtMs) : undefined,
  );
}
