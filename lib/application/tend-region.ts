/** What a region does every few seconds: it tells the others that it is there, and goes on with what takes longer. */
import { ABSENT, type Condition } from '../domain/guarded-write.ts';
import type { Quota } from '../domain/quota.ts';
import { mayReceive, type RegionState } from '../domain/region.ts';
import { actingIn } from './acting-in.ts';
import { completeWrites } from './complete-writes.ts';
import { draftGrant, grantWrites, type UnitMove } from './give-units.ts';
import type { Dependencies } from './ports.ts';
import { recoverRetired } from './retire-region.ts';

/** Items looked at in one call while a region gives its units away: about as many as DynamoDB answers with. */
const DRAIN_PAGE = 1000;

/** Pages of one look: the next look goes on behind them, so that a large region cannot keep a sweep for ever. */
const DRAIN_PAGES_MAX = 50;

const unchanged = (current: RegionState | undefined): Condition =>
  current === undefined ? ABSENT : { is: 'equal', field: 'version', value: current.version };

type Progress = Pick<RegionState, 'drainedAtMs' | 'walkAfter' | 'walkMetUnits'>;

/** Writes a region's own state, unless its status was changed meanwhile. */
async function writeState(
  deps: Dependencies,
  current: RegionState | undefined,
  progress: Progress,
): Promise<void> {
  const { region } = deps;
  const { status, version } = current ?? { status: 'active' as const, version: 1 };
  const record: RegionState = { region, status, version, ...progress, beatAtMs: deps.clock.now() };
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

interface Walk {
  /** Where it goes on; absent at the end. */
  readonly after: string | undefined;
  /** Whether it has met a quota that is not empty. */
  readonly met: boolean;
}

/** Reads one page of the region's quotas and gives away what may be sold. */
async function walkOn(deps: Dependencies, { after, met }: Walk, selling: readonly string[]): Promise<Walk> {
  const { items, next } = await deps.store.ownQuotas({
    limit: DRAIN_PAGE,
    ...(after === undefined ? {} : { after }),
  });
  for (const quota of items) {
    if (quota.available > 0) await giveAway(deps, quota, selling);
  }
  return { after: next, met: met || items.length > 0 };
}

/**
 * What a walk says. Only one that met no unit from its start to its end, neither one to sell nor one that is
 * promised, says that nothing is left.
 */
function progressOf({ after, met }: Walk, { drainedAtMs }: RegionState, nowMs: number): Progress {
  const known = met || drainedAtMs === undefined ? {} : { drainedAtMs };
  if (after !== undefined) return { ...known, walkAfter: after, walkMetUnits: met };
  return met ? {} : { drainedAtMs: drainedAtMs ?? nowMs };
}

/** Goes on with the walk over the region's quotas where the last look ended. */
async function drainOnce(deps: Dependencies, current: RegionState): Promise<Progress> {
  const states = await deps.regionStates.all();
  const selling = states
    .filter((state) => state.region !== deps.region && mayReceive(state, deps.clock.now()))
    .map(({ region }) => region);
  let walk: Walk = { after: current.walkAfter, met: current.walkMetUnits ?? false };
  for (let page = 0; page < DRAIN_PAGES_MAX; page += 1) {
    walk = await walkOn(deps, walk, selling);
    if (walk.after === undefined) break;
  }
  return progressOf(walk, current, deps.clock.now());
}

/**
 * Tells the others that this region is there, gives away what it has while it drains, and recovers what retired
 * regions have left. The only region tells it to its own read model, which measures by it how late it is.
 */
export async function tendRegion(deps: Dependencies): Promise<void> {
  const own = actingIn(deps, deps.region);
  const current = await own.store.get('regionState', { region: own.region }, 'strong');
  const isDraining = current?.status === 'draining';
  await writeState(own, current, isDraining ? await drainOnce(own, current) : {});
  if (deps.regions.length > 1) await recoverRetired(own);
}
