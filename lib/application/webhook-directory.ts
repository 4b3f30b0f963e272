import type { Webhook } from '../domain/webhook.ts';
import type { Clock, Store } from './ports.ts';
import type { WebhookDirectory } from './webhook-ports.ts';

/** A webhook may hear nothing for so long after it was made; each event would cost a read otherwise. */
const REMEMBERED_MS = 3_000;

/** Tenants remembered in one environment; the oldest is forgotten first. */
const TENANTS_MAX = 1_000;

interface Remembered {
  readonly readAtMs: number;
  readonly webhooks: Promise<readonly Webhook[]>;
}

/** Remembers the webhooks of each tenant for some seconds, with one read in flight for each tenant. */
export function createWebhookDirectory(store: Store, clock: Clock): WebhookDirectory {
  const remembered = new Map<string, Remembered>();
  return {
    of(tenantId) {
      const known = remembered.get(tenantId);
      if (known !== undefined && clock.now() - known.readAtMs < REMEMBERED_MS) return known.webhooks;
      const read: Remembered = { readAtMs: clock.now(), webhooks: store.webhooks(tenantId) };
      remembered.delete(tenantId);
      remembered.set(tenantId, read);
      // A failed read is not remembered: the next event tries again.
      read.webhooks.catch(() => {
        if (remembered.get(tenantId) === read) remembered.delete(tenantId);
      });
      const [oldest] = remembered.keys();
      if (remembered.size > TENANTS_MAX && oldest !== undefined) remembered.delete(oldest);
      return read.webhooks;
    },
  };
}
