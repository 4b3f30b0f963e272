import type { Webhook } from '../domain/webhook.ts';
import type { Clock } from './ports.ts';
import type { WebhookOutcome } from './webhook-ports.ts';

/** How long nothing is posted to a receiver that did not answer: one that is down must not occupy the workers. */
export const REST_MS = 30_000;

/** Receivers remembered in one environment; the oldest is forgotten first, and asked again. */
const RECEIVERS_MAX = 1_000;

/** The receivers that did not answer this environment a moment ago. */
export interface RestingReceivers {
  /** Until when nothing is posted to a webhook; `undefined`: it does not rest. */
  restsUntilMs(webhook: Webhook): number | undefined;
  /** Learns from what became of a request. Any answer shows that the receiver is there, whatever it says. */
  learn(webhook: Webhook, outcome: WebhookOutcome): void;
}

/** One that was put anew may point elsewhere, so it is asked at once. */
const keyOf = ({ tenantId, webhookId, version }: Webhook): string => `${tenantId}#${webhookId}#${version}`;

/** Remembers which receivers rest. */
export function createRestingReceivers(clock: Clock): RestingReceivers {
  const resting = new Map<string, number>();
  return {
    restsUntilMs(webhook) {
      const untilMs = resting.get(keyOf(webhook));
      return untilMs !== undefined && clock.now() < untilMs ? untilMs : undefined;
    },
    learn(webhook, { statusCode }) {
      resting.delete(keyOf(webhook));
      if (statusCode !== undefined) return;
      resting.set(keyOf(webhook), clock.now() + REST_MS);
      const [oldest] = resting.keys();
      if (resting.size > RECEIVERS_MAX && oldest !== undefined) resting.delete(oldest);
    },
  };
}
