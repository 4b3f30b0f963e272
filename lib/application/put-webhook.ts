import { ABSENT, type Condition } from '../domain/guarded-write.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import { secretsAfter, WEBHOOKS_MAX, type Webhook } from '../domain/webhook.ts';
import { actingIn } from './acting-in.ts';
import { backOff } from './back-off.ts';
import { CONTENDED } from './idempotency.ts';
import type { Caller, Dependencies } from './ports.ts';
import { type Precondition, type Put, versionMismatch } from './put-product.ts';
import type { WebhookTargets } from './webhook-ports.ts';

/** How often a webhook is written anew after it had changed meanwhile. */
const ATTEMPTS_MAX = 20;

/** 256 bits: as many as the signature has. */
const SECRET_BYTES = 32;

/** Secrets that we make begin so, so that whoever finds one knows what it is. */
const SECRET_PREFIX = 'whsec_';

/** A webhook as it shall be. */
export interface WebhookCommand extends Pick<Webhook, 'webhookId' | 'url' | 'detailTypes'> {
  /** Without one, the webhook keeps the secret it has; a new one gets one that is made for it. */
  readonly secret?: string;
}

export interface PutWebhook extends Put<Webhook> {
  /** Only if it was made now: it is shown this once. */
  readonly madeSecret?: string;
}

interface Change {
  readonly command: WebhookCommand;
  readonly current: Webhook | undefined;
  readonly madeSecret: string;
}

function nextWebhook(deps: Dependencies, tenantId: string, change: Change): Webhook {
  const { command, current, madeSecret } = change;
  const { secret, ...settings } = command;
  const nowMs = deps.clock.now();
  return {
    tenantId,
    ...settings,
    ...(current === undefined ? { secret: secret ?? madeSecret } : secretsAfter(current, secret, nowMs)),
    version: (current?.version ?? 0) + 1,
    createdAtMs: current?.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
  };
}

/** Whether the stored webhook is what we just wrote: a reply was lost and the write sent again. */
const isOurs = (stored: Webhook | undefined, ours: Webhook): boolean =>
  stored?.version === ours.version &&
  stored.updatedAtMs === ours.updatedAtMs &&
  stored.secret === ours.secret &&
  stored.url === ours.url;

/** Two that are created at the same moment may exceed the limit by one: it bounds work, it is no promise. */
async function limitReached(home: Dependencies, tenantId: string): Promise<Rejection | undefined> {
  const webhooks = await home.store.webhooks(tenantId);
  if (webhooks.length < WEBHOOKS_MAX) return undefined;
  return { code: 'webhook_limit', detail: `There are ${WEBHOOKS_MAX} webhooks already.` };
}

/** Why a webhook may not be written. */
async function refusalOf(
  home: Dependencies,
  tenantId: string,
  { current, precondition }: { readonly current: Webhook | undefined; readonly precondition: Precondition },
): Promise<Rejection | undefined> {
  if (!precondition(current?.version)) return versionMismatch(current?.version);
  return current === undefined ? limitReached(home, tenantId) : undefined;
}

/** Writes a webhook over the one that was read. */
async function write(
  home: Dependencies,
  current: Webhook | undefined,
  next: Webhook,
): Promise<'contended' | 'written' | { readonly stored: Webhook | undefined }> {
  const key = { tenantId: next.tenantId, webhookId: next.webhookId };
  const unchanged: Condition =
    current === undefined ? ABSENT : { is: 'equal', field: 'version', value: current.version };
  const commit = await home.store.commit([
    { entity: 'webhook', key, conditions: [unchanged], effect: { does: 'put', record: next } },
  ]);
  if (commit.outcome === 'contended') return 'contended';
  if (commit.outcome === 'committed') return 'written';
  const stored = commit.images.get(0) as Webhook | undefined;
  return isOurs(stored, next) ? 'written' : { stored };
}

/**
 * Creates or replaces a webhook, in the tenant's home region. Another secret than it has rotates it.
 *
 * Rejections: `validation_failed` (a URL that may not be called), `version_mismatch`, `webhook_limit`, `contended`.
 */
export async function putWebhook(
  deps: Dependencies & { readonly targets: WebhookTargets },
  { tenantId }: Pick<Caller, 'tenantId'>,
  { command, precondition }: { readonly command: WebhookCommand; readonly precondition: Precondition },
): Promise<Result<PutWebhook>> {
  const fault = deps.targets.faultOf(command.url);
  if (fault !== undefined) {
    return reject({ code: 'validation_failed', detail: `The URL ${fault}.`, path: 'url' });
  }
  const home = actingIn(deps, await deps.tenants.homeOf(tenantId));
  const madeSecret = `${SECRET_PREFIX}${deps.random.base64url(SECRET_BYTES)}`;
  let current = await home.store.get('webhook', { tenantId, webhookId: command.webhookId }, 'strong');
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const refusal = await refusalOf(home, tenantId, { current, precondition });
    if (refusal !== undefined) return reject(refusal);
    const next = nextWebhook(deps, tenantId, { command, current, madeSecret });
    const written = await write(home, current, next);
    if (written === 'contended') return reject(CONTENDED);
    if (written === 'written') {
      const created = current === undefined;
      return succeed({ document: next, created, ...(next.secret === madeSecret && { madeSecret }) });
    }
    current = written.stored;
    await backOff(deps, attempt);
  }
  return reject(CONTENDED);
}
