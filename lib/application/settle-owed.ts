/**
 * A recalled quota that has units available all the same gives them to the location that is owed them: at home
 * they pay, elsewhere they are granted home.
 */
import type { Grant } from '../domain/grant.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import type { Quota } from '../domain/quota.ts';
import { changeQuota } from '../domain/quota-change.ts';
import { payOwed } from '../domain/settlement.ts';
import { changeStock } from '../domain/stock-change.ts';
import { backOff } from './back-off.ts';
import { draftGrant, grantWrites } from './give-units.ts';
import type { Dependencies } from './ports.ts';
import { positionOf } from './read-place.ts';

/** How often it is settled anew after the quota or the stock had changed meanwhile. */
const ATTEMPTS_MAX = 20;

async function settlingWrites(deps: Dependencies, seen: Quota): Promise<GuardedWrite[]> {
  const { tenantId, sku, locationId, region } = seen;
  const { product, stocks, quotas } = await deps.store.readSku(tenantId, sku, 'strong');
  const quota = quotas.find((each) => each.locationId === locationId && each.region === region);
  const stock = stocks.find((each) => each.locationId === locationId);
  if (quota?.recalled !== true || quota.available === 0) return [];
  if (stock?.region === region) {
    const position = positionOf({ safetyStock: product?.safetyStock ?? 0 }, stock, [quota]);
    const settlement = payOwed(position);
    return [changeQuota(quota, settlement.quota), changeStock(stock, stock, settlement.stock)];
  }
  const home = stock?.region ?? (await deps.locations.find(tenantId, locationId))?.region;
  if (home === undefined) return [];
  const move = { tenantId, sku, locationId, home, quantity: quota.available };
  const grant: Grant = draftGrant(deps, move, { to: home, reason: 'home' });
  return grantWrites(grant);
}

/**
 * Settles a quota of the region that is acted in. Safe to repeat.
 *
 * @returns the writes that did it, none if there was nothing to do; `undefined` when others were in the way.
 */
export async function settleOwed(
  deps: Dependencies,
  quota: Quota,
): Promise<readonly GuardedWrite[] | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const writes = await settlingWrites(deps, quota);
    if (writes.length === 0) return [];
    const commit = await deps.store.commit(writes);
    if (commit.outcome === 'contended') return undefined;
    if (commit.outcome === 'committed') return writes;
    await backOff(deps, attempt);
  }
  return undefined;
}
