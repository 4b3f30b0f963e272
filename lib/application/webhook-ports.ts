/** What webhooks need from the world besides the database. */
import type { DeliveryAttempt } from '../domain/delivery.ts';
import type { Webhook } from '../domain/webhook.ts';
import type { Message, Outlet } from './spine-ports.ts';

/** Tells the worker to try a delivery: its id says when it was made and where, the record says the rest. */
export interface DeliveryMessage extends Message {
  /** Of the delivery. */
  readonly id: string;
  readonly tenantId: string;
  readonly webhookId: string;
}

export type DeliveryQueue = Outlet<DeliveryMessage>;

/** Where webhooks may point. */
export interface WebhookTargets {
  /** Why a URL may not be called, as far as it says itself; `undefined`: names it contains are judged when called. */
  faultOf(url: string): string | undefined;
}

export interface WebhookRequest {
  readonly url: string;
  /** Each signs; the newest first. */
  readonly secrets: readonly string[];
  readonly webhookId: string;
  readonly deliveryId: string;
  readonly eventId: string;
  /** When it is sent: part of what is signed, so that nobody can send it again later. */
  readonly atMs: number;
  readonly body: string;
}

/** What became of a request. */
export type WebhookOutcome = Pick<DeliveryAttempt, 'statusCode' | 'error'> & {
  /** From now. */
  readonly retryAfterMs?: number;
};

export interface WebhookSender {
  /** Posts what a webhook shall hear. Whatever goes wrong is an outcome: it never throws. */
  post(request: WebhookRequest): Promise<WebhookOutcome>;
}

/** The webhooks of tenants, remembered for a moment. */
export interface WebhookDirectory {
  of(tenantId: string): Promise<readonly Webhook[]>;
}
