import type { Product } from '../domain/catalogue.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import { actingIn } from './acting-in.ts';
import { backOff } from './back-off.ts';
import { CONTENDED } from './idempotency.ts';
import { readSkuEverywhere } from './owned-records.ts';
import type { Caller, Dependencies } from './ports.ts';
import { type Precondition, versionMismatch, writeProduct } from './put-product.ts';
import { isInUse } from './read-stock.ts';

/** How often a product is archived anew after it had changed meanwhile. */
const ATTEMPTS_MAX = 20;

const inUse = (sku: string): Rejection => ({
  code: 'product_in_use',
  detail: `${sku} still has stock or open reservations.`,
});

/** The product with another status, as its next version. */
function withStatus(deps: Dependencies, current: Product, status: Product['status']): Product {
  const { settleDueAtMs: _, ...settled } = current;
  return { ...settled, status, version: current.version + 1, updatedAtMs: deps.clock.now() };
}

/** Whether any region has units of the sku, or promises any. */
async function isUsed(home: Dependencies, { tenantId, sku }: Product): Promise<boolean> {
  return isInUse(await readSkuEverywhere(home, tenantId, sku));
}

/**
 * Archives a product that is not in use, then looks once more: a receipt that was booked before the archive is
 * seen now, one that comes later sees the archive. (A receipt in another region may not have heard of it for as
 * long as replication takes: then an archived product has stock, which is shown, and is active again by a PUT.)
 */
async function archive(home: Dependencies, current: Product): Promise<Result<undefined> | undefined> {
  const next = withStatus(home, current, 'archived');
  const written = await writeProduct(home, current, next);
  if (!('done' in written)) return undefined;
  if (!written.done.ok) return written.done;
  if (!(await isUsed(home, next))) return succeed(undefined);
  await writeProduct(home, next, withStatus(home, next, 'active'));
  return reject(inUse(current.sku));
}

/**
 * Archives a product: no new receipts or holds.
 *
 * Rejections: `not_found`, `version_mismatch`, `product_in_use`, `contended`.
 *
 * @throws StoreUnavailableError when a region is out of reach: it might still have units.
 */
export async function archiveProduct(
  deps: Dependencies,
  caller: Caller,
  { sku, precondition }: { readonly sku: string; readonly precondition: Precondition },
): Promise<Result<undefined>> {
  const { tenantId } = caller;
  const home = actingIn(deps, await deps.tenants.homeOf(tenantId));
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const current = await home.store.get('product', { tenantId, sku }, 'strong');
    if (!precondition(current?.version)) return reject(versionMismatch(current?.version));
    if (current === undefined) return reject({ code: 'not_found', detail: 'There is no such product.' });
    if (current.status === 'archived') return succeed(undefined);
    if (await isUsed(home, current)) return reject(inUse(sku));
    const done = await archive(home, current);
    if (done !== undefined) return done;
    await backOff(deps, attempt);
  }
  return reject(CONTENDED);
}
