/** The regions of the deployment: how they are, and how one is taken out of service. */
import { ABSENT, type Condition } from '../domain/guarded-write.ts';
import type { RegionState } from '../domain/region.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import { actingIn } from './acting-in.ts';
import { backOff } from './back-off.ts';
import { tryNow } from './complete-writes.ts';
import { CONTENDED } from './idempotency.ts';
import type { Dependencies, RecordRef } from './ports.ts';

/** How often a status is written anew after the region had written its own state meanwhile. */
const ATTEMPTS_MAX = 20;

/** A region beats every few seconds; only what is later than that is lag. */
const BEAT_PERIOD_MS = 5000;

export interface RegionInfo {
  readonly region: string;
  readonly status: 'active' | 'draining' | 'drained' | 'unreachable' | 'retired';
  /** How old what this region knows of the other is, beyond the time between two beats. */
  readonly replicationLagMs: number;
}

export const NO_SUCH_REGION: Rejection = { code: 'not_found', detail: 'There is no such region.' };

function statusOf(state: RegionState | undefined): RegionInfo['status'] {
  if (state?.status !== 'draining') return 'active';
  return state.drainedAtMs === undefined ? 'draining' : 'drained';
}

function lagOf(deps: Dependencies, region: string, seen: RegionState | undefined): number {
  if (region === deps.region || seen === undefined) return 0;
  return Math.max(0, deps.clock.now() - seen.beatAtMs - BEAT_PERIOD_MS);
}

/** A region, as it is seen from this one. */
export async function describeRegion(deps: Dependencies, region: string): Promise<RegionInfo> {
  const refs: RecordRef[] = [
    { entity: 'regionState', key: { region } },
    { entity: 'retirement', key: { region, by: deps.region } },
  ];
  const [seen, retirement] = await deps.store.getMany(refs, 'strong');
  const replicationLagMs = lagOf(deps, region, seen as RegionState | undefined);
  if (retirement !== undefined) return { region, status: 'retired', replicationLagMs };
  const asked = await tryNow(async () => ({
    state: await actingIn(deps, region).store.get('regionState', { region }, 'strong'),
  }));
  return { region, status: asked === undefined ? 'unreachable' : statusOf(asked.state), replicationLagMs };
}

/** Every region, as it is seen from this one. */
export function listRegions(deps: Dependencies): Promise<RegionInfo[]> {
  return Promise.all(deps.regions.map((region) => describeRegion(deps, region)));
}

/** The next version of a region's state. @returns `false` when it was changed meanwhile. */
async function tryStatus(
  { store, clock, region }: Dependencies,
  current: RegionState | undefined,
  status: RegionState['status'],
): Promise<boolean> {
  const version = (current?.version ?? 0) + 1;
  const record: RegionState = { region, status, version, beatAtMs: clock.now() };
  const unchanged: Condition =
    current === undefined ? ABSENT : { is: 'equal', field: 'version', value: current.version };
  const commit = await store.commit([
    { entity: 'regionState', key: { region }, conditions: [unchanged], effect: { does: 'put', record } },
  ]);
  return commit.outcome === 'committed';
}

/**
 * Takes a region out of service (`draining`), or back into it. The region itself does the rest.
 *
 * Rejections: `not_found`, `contended`.
 *
 * @throws StoreUnavailableError when the region is out of reach.
 */
export async function setRegionStatus(
  deps: Dependencies,
  region: string,
  status: RegionState['status'],
): Promise<Result<RegionInfo>> {
  if (!deps.regions.includes(region)) return reject(NO_SUCH_REGION);
  const owner = actingIn(deps, region);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const current = await owner.store.get('regionState', { region }, 'strong');
    const isSo = (current?.status ?? 'active') === status;
    if (isSo || (await tryStatus(owner, current, status))) return succeed(await describeRegion(deps, region));
    await backOff(deps, attempt);
  }
  return reject(CONTENDED);
}
