import type { PutWebhook } from '../../../lib/application/put-webhook.ts';
import type { Delivery, DeliveryAttempt } from '../../../lib/domain/delivery.ts';
import type { Webhook } from '../../../lib/domain/webhook.ts';
import { isoTime } from './time.ts';

/** A webhook as the API shows it: never its secrets. */
export function answerWebhook({ webhookId, url, detailTypes, version, createdAtMs, updatedAtMs }: Webhook) {
  const times = { createdAt: isoTime(createdAtMs), updatedAt: isoTime(updatedAtMs) };
  return { webhookId, url, detailTypes, version, ...times };
}

/** A new webhook, with the secret that was made for it, if one was. */
export const answerNewWebhook = ({ document, madeSecret }: PutWebhook) => ({
  ...answerWebhook(document),
  ...(madeSecret === undefined ? {} : { secret: madeSecret }),
});

const answerAttempt = ({ atMs, statusCode, error }: DeliveryAttempt) => ({
  at: isoTime(atMs),
  ...(statusCode === undefined ? {} : { statusCode }),
  ...(error === undefined ? {} : { error }),
});

/** A delivery as the API shows it: without its body, which is the event. */
export function answerDelivery(delivery: Delivery) {
  const { deliveryId, detailType, eventId, status, parkedReason, nextAttemptAtMs } = delivery;
  return {
    deliveryId,
    detailType,
    eventId,
    status,
    ...(parkedReason === undefined ? {} : { parkedReason }),
    attempts: delivery.attempts.map(answerAttempt),
    createdAt: isoTime(delivery.createdAtMs),
    ...(nextAttemptAtMs === undefined ? {} : { nextAttemptAt: isoTime(nextAttemptAtMs) }),
  };
}
