/** Reading and deleting webhooks. They are written in the tenant's home region. */
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import type { Webhook } from '../domain/webhook.ts';
import { actingIn } from './acting-in.ts';
import { backOff } from './back-off.ts';
import { CONTENDED } from './idempotency.ts';
import { tenantHome } from './owned-records.ts';
import {
  type Caller,
  type Dependencies,
  type Page,
  type PageRequest,
  StoreUnavailableError,
} from './ports.ts';
import { type Precondition, versionMismatch } from './put-product.ts';

/** How often a webhook is deleted anew after it had changed meanwhile. */
const ATTEMPTS_MAX = 20;

export const NO_SUCH_WEBHOOK: Rejection = { code: 'not_found', detail: 'There is no such webhook.' };

export type WebhookKey = Pick<Webhook, 'tenantId' | 'webhookId'>;

/** A webhook: as this replica knows it, or, if it does not, as its owner does. */
export async function knownWebhook(deps: Dependencies, key: WebhookKey): Promise<Webhook | undefined> {
  const known = await deps.store.get('webhook', key, 'strong');
  if (known !== undefined || deps.regions.length === 1) return known;
  const home = await tenantHome(deps, key.tenantId);
  return home === deps.store ? undefined : home.get('webhook', key, 'strong');
}

/**
 * A webhook as its owner has it, or as this replica has heard of it.
 *
 * @throws StoreUnavailableError when the home region is out of reach and this replica has no copy.
 */
export async function readWebhook(deps: Dependencies, key: WebhookKey): Promise<Webhook | undefined> {
  try {
    const home = await tenantHome(deps, key.tenantId);
    return await home.get('webhook', key, 'strong');
  } catch (error) {
    if (!(error instanceof StoreUnavailableError) || deps.regions.length === 1) throw error;
    const known = await deps.store.get('webhook', key, 'strong');
    if (known === undefined) throw error;
    return known;
  }
}

/** Webhooks by id: they are few, so the page is cut from all of them. */
export async function listWebhooks(
  deps: Dependencies,
  tenantId: string,
  { limit, after = '' }: PageRequest,
): Promise<Page<Webhook>> {
  const behind = (await deps.store.webhooks(tenantId)).filter(({ webhookId }) => webhookId > after);
  const items = behind.slice(0, limit);
  const last = items.at(-1);
  return behind.length > limit && last !== undefined ? { items, next: last.webhookId } : { items };
}

/**
 * Deletes a webhook. What is still to be delivered to it is parked by the worker that finds it gone.
 *
 * Rejections: `version_mismatch`, `not_found`, `contended`.
 */
export async function deleteWebhook(
  deps: Dependencies,
  { tenantId }: Pick<Caller, 'tenantId'>,
  { webhookId, precondition }: { readonly webhookId: string; readonly precondition: Precondition },
): Promise<Result<undefined>> {
  const home = actingIn(deps, await deps.tenants.homeOf(tenantId));
  const key = { tenantId, webhookId };
  let current = await home.store.get('webhook', key, 'strong');
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (!precondition(current?.version)) return reject(versionMismatch(current?.version));
    if (current === undefined) return reject(NO_SUCH_WEBHOOK);
    const commit = await home.store.commit([
      {
        entity: 'webhook',
        key,
        conditions: [{ is: 'equal', field: 'version', value: current.version }],
        effect: { does: 'delete' },
      },
    ]);
    if (commit.outcome === 'contended') return reject(CONTENDED);
    if (commit.outcome === 'committed') return succeed(undefined);
    current = commit.images.get(0) as Webhook | undefined;
    // It is gone: we deleted it and the answer was lost, or somebody else did.
    if (current === undefined) return succeed(undefined);
    await backOff(deps, attempt);
  }
  return reject(CONTENDED);
}
