/** Webhooks: where a tenant wants events delivered, and what became of each delivery. */

/** Written in the tenant's home region. */
export interface Webhook {
  readonly tenantId: string;
  readonly webhookId: string;
  readonly url: string;
  /** Types of events; empty: all. */
  readonly detailTypes: readonly string[];
  /** Signs deliveries. */
  readonly secret: string;
  /** The one before, which signs beside it for a while after a rotation. */
  readonly formerSecret?: string;
  readonly formerSecretUntilMs?: number;
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Webhooks of one tenant: each of them gets every event, so they multiply what is sent and stored. */
export const WEBHOOKS_MAX = 20;

/** How long the secret before a rotation signs as well: a receiver has a day to learn the new one. */
export const FORMER_SECRET_MS = 86_400_000;

/** Type of the delivery that a caller asks for to try a webhook. */
export const PING_TYPE = 'webhook.ping';

export const wants = ({ detailTypes }: Webhook, detailType: string): boolean =>
  detailTypes.length === 0 || detailTypes.includes(detailType);

type Secrets = Pick<Webhook, 'secret' | 'formerSecret' | 'formerSecretUntilMs'>;

/** The secrets of a webhook from now on. Another one than it has rotates it: both sign for a while. */
export function secretsAfter(current: Secrets, secret: string | undefined, nowMs: number): Secrets {
  const { secret: own, formerSecret, formerSecretUntilMs } = current;
  if (secret !== undefined && secret !== own) {
    return { secret, formerSecret: own, formerSecretUntilMs: nowMs + FORMER_SECRET_MS };
  }
  const isRotating =
    formerSecret !== undefined && formerSecretUntilMs !== undefined && nowMs < formerSecretUntilMs;
  return { secret: own, ...(isRotating && { formerSecret, formerSecretUntilMs }) };
}

/** The secrets that sign at a time, the newest first. */
export function signingSecrets(webhook: Secrets, nowMs: number): readonly [string, ...string[]] {
  const { secret, formerSecret } = secretsAfter(webhook, undefined, nowMs);
  return formerSecret === undefined ? [secret] : [secret, formerSecret];
}
