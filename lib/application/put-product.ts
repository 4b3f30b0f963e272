import type { Product } from '../domain/catalogue.ts';
import { ABSENT, type Condition } from '../domain/guarded-write.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import { backOff } from './back-off.ts';
import { CONTENDED } from './idempotency.ts';
import type { Caller, Dependencies, SkuRecords } from './ports.ts';
import { isInUse } from './read-stock.ts';
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
    movements: current?.movements ?? 0,
    createdAtMs: current?.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
    ...(isUnsettled ? { settleDueAtMs: nowMs + SETTLE_GRACE_MS } : {}),
  };
}

/** The record must still be the one that was read, the ledger's touch included. */
const unchanged = (current: Product | undefined): Condition[] =>
  current === undefined
    ? [ABSENT]
    : [
        { is: 'equal', field: 'version', value: current.version },
        { is: 'equal', field: 'movements', value: current.movements },
      ];

/** Whether the stored product is what we just wrote: a reply was lost and the write sent again. */
const isOurs = (stored: Product | undefined, ours: Product): boolean =>
  stored?.version === ours.version &&
  stored.status === ours.status &&
  stored.updatedAtMs === ours.updatedAtMs &&
  stored.name === ours.name &&
  stored.safetyStock === ours.safetyStock;

/** One attempt: `refused` tells the product that is stored instead of the one we knew. */
type Written<Value> = { readonly done: Result<Value> } | { readonly refused: Product | undefined };

async function writeProduct(
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
 * Creates or replaces a product; an archived one is active again.
 *
 * Rejections: `version_mismatch`, `contended`.
 */
export async function putProduct(
  deps: Dependencies,
  caller: Caller,
  { command, precondition }: { readonly command: ProductCommand; readonly precondition: Precondition },
): Promise<Result<Put<Product>>> {
  const key = { tenantId: caller.tenantId, sku: command.sku };
  let current = await deps.store.get('product', key, 'strong');
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (!precondition(current?.version)) return reject(versionMismatch(current?.version));
    const next = nextProduct(deps, caller, { command, current });
    const written = await writeProduct(deps, current, next);
    if ('done' in written) {
      if (!written.done.ok) return written.done;
      if (next.settleDueAtMs !== undefined) await settleProduct(deps, next);
      return succeed({ document: next, created: current === undefined });
    }
    current = written.refused;
    await backOff(deps, attempt);
  }
  return reject(CONTENDED);
}

/** The archived product that a product becomes, or why it may not. */
function archived(
  deps: Dependencies,
  records: SkuRecords,
  precondition: Precondition,
): Result<{ readonly current: Product; readonly next: Product }> {
  const current = records.product;
  if (!precondition(current?.version)) return reject(versionMismatch(current?.version));
  if (current === undefined) return reject({ code: 'not_found', detail: 'There is no such product.' });
  if (current.status === 'archived') return succeed({ current, next: current });
  if (isInUse(records)) {
    const detail = `${current.sku} still has stock or open reservations.`;
    return reject({ code: 'product_in_use', detail });
  }
  const { settleDueAtMs: _, ...settled } = current;
  const version = current.version + 1;
  return succeed({
    current,
    next: { ...settled, status: 'archived', version, updatedAtMs: deps.clock.now() },
  });
}

/**
 * Archives a product: no new receipts or holds.
 *
 * Rejections: `not_found`, `version_mismatch`, `product_in_use`, `contended`.
 */
export async function archiveProduct(
  deps: Dependencies,
  caller: Caller,
  { sku, precondition }: { readonly sku: string; readonly precondition: Precondition },
): Promise<Result<undefined>> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const records = await deps.store.readSku(caller.tenantId, sku, 'strong');
    const planned = archived(deps, records, precondition);
    if (!planned.ok) return planned;
    const { current, next } = planned.value;
    if (next === current) return succeed(undefined);
    const written = await writeProduct(deps, current, next);
    if ('done' in written) return written.done.ok ? succeed(undefined) : written.done;
    await backOff(deps, attempt);
  }
  return reject(CONTENDED);
}
