/**
 * Grants arrive. Whoever made one tries to accept it at once, and the taker's stream does when it gets there by
 * replication: the acceptance, stored once under the grant's id, lets only one of them add the units.
 */
import type { Grant } from '../domain/grant.ts';
import { putAcceptance, putGrant } from '../domain/grant-change.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import { FIRST_SHARD, type Quota } from '../domain/quota.ts';
import { accept, changeQuota } from '../domain/quota-change.ts';
import { settleArrival } from '../domain/settlement.ts';
import { changeStock } from '../domain/stock-change.ts';
import { backOff } from './back-off.ts';
import { draftGrant } from './give-units.ts';
import type { Dependencies } from './ports.ts';
import { readHomePlace } from './read-place.ts';

/** How often an arrival is written anew after the quota or the stock had changed under it. */
const ATTEMPTS_MAX = 20;

const quotaOf = ({ tenantId, sku, locationId, to: region }: Grant) => ({
  tenantId,
  sku,
  locationId,
  region,
  shard: FIRST_SHARD,
});

/** A recalled location keeps nothing for sale: at home the units pay what it is owed. */
async function settleHere(deps: Dependencies, grant: Grant): Promise<GuardedWrite[]> {
  const place = await readHomePlace(deps, grant);
  // Whoever cleared the recall meanwhile paid what was owed: the plain way is right again.
  if (place?.recalled !== true) {
    return [changeQuota(quotaOf(grant), accept(grant.quantity, deps.clock.now()))];
  }
  const settlement = settleArrival(place.position, grant.quantity);
  return [
    changeQuota(quotaOf(grant), settlement.quota),
    changeStock(place.stock, place.stock, settlement.stock),
  ];
}

/** Elsewhere they go on to the home region. */
function passHome(deps: Dependencies, grant: Grant): GuardedWrite[] {
  const { tenantId, sku, locationId, home, quantity } = grant;
  const key = quotaOf(grant);
  const move = { tenantId, sku, locationId, home, quantity };
  return [
    changeQuota(key, { available: 0, promised: 0, expectRecalled: true }),
    putGrant(draftGrant(deps, move, { to: home, reason: 'home' })),
  ];
}

async function arrivalWrites(deps: Dependencies, grant: Grant, isRecalled: boolean): Promise<GuardedWrite[]> {
  if (!isRecalled) return [changeQuota(quotaOf(grant), accept(grant.quantity, deps.clock.now()))];
  return grant.to === grant.home ? settleHere(deps, grant) : passHome(deps, grant);
}

/**
 * Accepts a grant to the region that is acted in. Safe to repeat: its units are added once.
 *
 * @returns the writes that did it, none if it was done before; `undefined` when others were in the way.
 */
export async function acceptGrant(
  deps: Dependencies,
  grant: Grant,
): Promise<readonly GuardedWrite[] | undefined> {
  let isRecalled = false;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const acceptance = putAcceptance(grant, deps.clock.now());
    const writes = [acceptance, ...(await arrivalWrites(deps, grant, isRecalled))];
    const commit = await deps.store.commit(writes);
    if (commit.outcome === 'contended') return undefined;
    if (commit.outcome === 'committed') return writes;
    if (commit.images.get(0) !== undefined) return [];
    const refused = commit.images.get(1) as Quota | undefined;
    if (commit.images.has(1)) isRecalled = refused?.recalled === true;
    await backOff(deps, attempt);
  }
  return undefined;
}
