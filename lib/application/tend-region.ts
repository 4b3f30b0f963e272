/** What a region does for itself every few seconds: it tells the others that it is there, and goes on with a drain. */
import { ABSENT, type Condition } from '../domain/guarded-write.ts';
import type { Quota } from '../domain/quota.ts';
import type { RegionState } from '../domain/region.ts';
import { actingIn } from './acting-in.ts';
import { completeWrites } from './complete-writes.ts';
import { draftGrant, grantWrites, type UnitMove } from './give-units.ts';
import type { Dependencies } from './ports.ts';

/** Quotas read at once while a region gives its units away. */
const DRAIN_PAGE = 100;

/** Pages of one look: the next look goes on, so that a large region cannot keep a sweep for ever. */
const DRAIN_PAGES_MAX = 50;

const unchanged = (current: RegionState | undefined): Condition =>
  current === undefined ? ABSENT : { is: 'equal', field: 'version', value: current.version };

/** Writes a region's own state, unless its status was changed meanwhile. */
async function writeState(
  deps: Dependencies,
  current: RegionState | undefined,
  next: Partial<Pick<RegionState, 'drainedAtMs'>>,
): Promise<void> {
  const { region } = deps;
  const known = current ?? { region, status: 'active' as const, version: 1 };
  const { drainedAtMs: _, ...rest } = { drainedAtMs: undefined, ...known };
  const record: RegionState = { ...rest, ...next, beatAtMs: deps.clock.now() };
  await deps.store.commit([
    {
      entity: 'regionState',
      key: { region },
      conditions: [unchanged(current)],
      effect: { does: 'put', record },
    },
  ]);
}

/** Where units of a quota go: home, or, if that is here or does not sell either, to the first region that sells. */
function heirOf(home: string, selling: readonly string[]): string | undefined {
  return selling.includes(home) ? home : selling[0];
}

async function giveAway(deps: Dependencies, quota: Quota, selling: readonly string[]): Promise<void> {
  const { tenantId, sku, locationId, available } = quota;
  const location = await deps.locations.find(tenantId, locationId);
  const to = location === undefined ? undefined : heirOf(location.region, selling);
  if (location === undefined || to === undefined) return;
  const move: UnitMove = { tenantId, sku, locationId, home: location.region, quantity: available };
  const writes = grantWrites(draftGrant(deps, move, { to, reason: 'drain' }));
  const commit = await deps.store.commit(writes);
  if (commit.outcome === 'committed') await completeWrites(deps, writes);
}

/** Gives away what may be sold. @returns whether the region had nothing left: no unit to sell and none promised. */
async function drainOnce(deps: Dependencies): Promise<boolean> {
  const states = await deps.regionStates.all();
  const selling = states
    .filter(({ status, region }) => status === 'active' && region !== deps.region)
    .map(({ region }) => region);
  let isEmpty = true;
  let after: string | undefined;
  for (let page = 0; page < DRAIN_PAGES_MAX; page += 1) {
    const found = await deps.store.ownQuotas({
      limit: DRAIN_PAGE,
      ...(after === undefined ? {} : { after }),
    });
    isEmpty &&= found.items.length === 0;
    for (const quota of found.items) {
      if (quota.available > 0) await giveAway(deps, quota, selling);
    }
    after = found.next;
    if (after === undefined) return isEmpty;
  }
  return false;
}

/** Tells the others that this region is there, and, while it drains, gives away what it has. */
export async function tendRegion(deps: Dependencies): Promise<void> {
  if (deps.regions.length === 1) return;
  const own = actingIn(deps, deps.region);
  const current = await own.store.get('regionState', { region: own.region }, 'strong');
  if (current?.status !== 'draining') return writeState(own, current, {});
  const isEmpty = await drainOnce(own);
  return writeState(own, current, isEmpty ? { drainedAtMs: current.drainedAtMs ?? own.clock.now() } : {});
}
