import type { Product } from '../domain/catalogue.ts';
import { ABSENT, type Condition } from '../domain/guarded-write.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import { actingIn } from './acting-in.ts';
import { backOff } from './back-off.ts';
import { CONTENDED } from './idempotency.ts';
import type { Caller, Dependencies } from './ports.ts';
import { settleProduct } from './settle-product.ts';

/** How often a product is written anew after it had changed meanwhile. */
const ATTEMPTS_MAX = 20;

/** The sweep settles a product whose writer has died; a living one is done long before. */
const SETTLE_GRACE_MS = 5000;

/** A product as it shall be. */
export type ProductCommand = Pick<
  Product,
  'sku' | 'name' | 'description' | 'unit' | 'attributes' | 'safetyStock'
>;

/**
 * Whether a document at a version (`undefined`: not there) may be replaced: what the caller's `If-Match` and
 * `If-None-Match` say.
 */
export type Precondition = (version: number | undefined) => boolean;

/** The refusal of a write whose precondition does not hold. */
export function versionMismatch(version: number | undefined): Rejection {
  const state = version === undefined ? 'It does not exist.' : `Its version is ${version}.`;
  return { code: 'version_mismatch', detail: `${state} Read it again and decide anew.` };
}

export interface Put<Document> {
  readonly document: Document;
  readonly created: boolean;
}

function nextProduct(
  deps: Dependencies,
  caller: Caller,
  { command, current }: { readonly command: ProductCommand; readonly current: Product | undefined },
): Product {
  const nowMs = deps.clock.now();
  const mustSettle = current !== undefined && current.safetyStock !== command.safetyStock;
  const isUnsettled = mustSettle || current?.settleDueAtMs !== undefined;
  return {
    tenantId: caller.tenantId,
    ...command,
    status: 'active',
    version: (current?.version ?? 0) + 1,
    createdAtMs: current?.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
    ...(isUnsettled ? { settleDueAtMs: nowMs + SETTLE_GRACE_MS } : {}),
  };
}

/** The record must still be the one that was read. */
const unchanged = (current: Product | undefined): Condition[] =>
  current === undefined ? [ABSENT] : [{ is: 'equal', field: 'version', value: current.version }];

/** Whether the stored product is what we just wrote: a reply was lost and the write sent again. */
const isOurs = (stored: Product | undefined, ours: Product): boolean =>
  stored?.version === ours.version &&
  stored.status === ours.status &&
  stored.updatedAtMs === ours.updatedAtMs &&
  stored.name === ours.name &&
  stored.safetyStock === ours.safetyStock;

/** One attempt: `refused` tells the product that is stored instead of the one we knew. */
type Written<Value> = { readonly done: Result<Value> } | { readonly refused: Product | undefined };

export async function writeProduct(
  deps: Dependencies,
  current: Product | undefined,
  next: Product,
): Promise<Written<Product>> {
  const key = { tenantId: next.tenantId, sku: next.sku };
  const commit = await deps.store.commit([
    { entity: 'product', key, conditions: unchanged(current), effect: { does: 'put', record: next } },
  ]);
  if (commit.outcome === 'committed') return { done: succeed(next) };
  if (commit.outcome === 'contended') return { done: reject(CONTENDED) };
  const stored = commit.images.get(0) as Product | undefined;
  return isOurs(stored, next) ? { done: succeed(next) } : { refused: stored };
}

/**
 * Creates or replaces a product; an archived one is active again. It is written in the tenant's home region.
 *
 * Rejections: `version_mismatch`, `contended`.
 */
export async function putProduct(
  deps: Dependencies,
  caller: Caller,
  { command, precondition }: { readonly command: ProductCommand; readonly precondition: Precondition },
): Promise<Result<Put<Product>>> {
  const { tenantId } = caller;
  const home = actingIn(deps, await deps.tenants.homeOf(tenantId));
  let current = await home.store.get('product', { tenantId, sku: command.sku }, 'strong');
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (!precondition(current?.version)) return reject(versionMismatch(current?.version));
    const next = nextProduct(deps, caller, { command, current });
    const written = await writeProduct(home, current, next);
    if ('done' in written) {
      if (!written.done.ok) return written.done;
      if (next.settleDueAtMs !== undefined) await settleProduct(home, next);
      return succeed({ document: next, created: current === undefined });
    }
    current = written.refused;
    await backOff(deps, attempt);
  }
  return reject(CONTENDED);
}
