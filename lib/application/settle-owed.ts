/**
 * A recalled quota that has units available all the same gives them to the location that is owed them: at home
 * they pay, elsewhere they are granted home.
 */
import type { GuardedWrite } from '../domain/guarded-write.ts';
import type { Quota } from '../domain/quota.ts';
import { changeQuota } from '../domain/quota-change.ts';
import { payOwed } from '../domain/settlement.ts';
import { changeStock } from '../domain/stock-change.ts';
import { backOff } from './back-off.ts';
import { draftGrant, grantWrites } from './give-units.ts';
import type { Dependencies } from './ports.ts';
import { readHomePlace } from './read-place.ts';

/** How often it is settled anew after the quota or the stock had changed meanwhile. */
const ATTEMPTS_MAX = 20;

/** At home: they pay. */
async function payingWrites(home: Dependencies, quota: Quota): Promise<GuardedWrite[]> {
  const place = await readHomePlace(home, quota);
  if (place?.recalled !== true || place.position.available === 0) return [];
  const settlement = payOwed(place.position);
  return [changeQuota(quota, settlement.quota), changeStock(place.stock, place.stock, settlement.stock)];
}

/** Elsewhere: they go home. */
async function sendingWrites(deps: Dependencies, seen: Quota, home: string): Promise<GuardedWrite[]> {
  const quota = await deps.store.get('quota', seen, 'strong');
  if (quota?.recalled !== true || quota.available === 0) return [];
  const { tenantId, sku, locationId, available: quantity } = quota;
  const move = { tenantId, sku, locationId, home, quantity };
  return grantWrites(draftGrant(deps, move, { to: home, reason: 'home' }));
}

async function settlingWrites(deps: Dependencies, quota: Quota): Promise<GuardedWrite[]> {
  const location = await deps.locations.find(quota.tenantId, quota.locationId);
  if (location === undefined) return [];
  const { region: home } = location;
  return home === deps.region ? payingWrites(deps, quota) : sendingWrites(deps, quota, home);
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
