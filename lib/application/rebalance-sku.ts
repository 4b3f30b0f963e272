/**
 * Keeps the units of a sku where they are sold: a region that has more than its share of the demand gives to
 * those that have far less than theirs. Each region decides about its own units from what its replica shows, so
 * nothing is asked of other regions; it is a matter of speed and cost, never of safety.
 */
import { type Demand, rateAt } from '../domain/demand.ts';
import type { Grant } from '../domain/grant.ts';
import type { Quota } from '../domain/quota.ts';
import { quotaSpreadPercent } from '../domain/quota-spread.ts';
import { planRebalance, type RebalanceMove, type RegionUnits } from '../domain/rebalance.ts';
import { mayReceive } from '../domain/region.ts';
import { completeWrites } from './complete-writes.ts';
import { draftGrant, grantWrites } from './give-units.ts';
import { grantsUnderWay } from './grants-under-way.ts';
import { movedLately, type Place, rememberMove } from './moved-units.ts';
import type { DemandForecast, Dependencies, SkuRecords } from './ports.ts';

/**
 * After units have moved nothing moves for so long: until the quotas, the grant and its acceptance, which arrive
 * one by one, have all been heard of, a region seems to have too little or another one too much.
 */
const SETTLE_MS = 6_000;

/** The demand of each region as it was measured: the recent past is the forecast. */
export const recentDemand: DemandForecast = (demands, nowMs) =>
  new Map(demands.map((demand) => [demand.region, rateAt(demand, nowMs)]));

export type RebalanceDependencies = Dependencies & {
  readonly forecast: DemandForecast;
  /** Is told how unevenly the regions share the units of a place, in percent. @default nobody */
  readonly reportSpread?: (percent: number) => void;
};

/** The units of a place by region: what each may sell, what is on its way there, and what it is expected to sell. */
function unitsByRegion(
  deps: RebalanceDependencies,
  regions: readonly string[],
  seen: { quotas: readonly Quota[]; underWay: readonly Grant[]; demands: readonly Demand[] },
): RegionUnits[] {
  const expected = deps.forecast(seen.demands, deps.clock.now());
  return regions.map((region) => ({
    region,
    available: seen.quotas
      .filter((quota) => quota.region === region)
      .reduce((sum, { available }) => sum + available, 0),
    coming: seen.underWay.filter(({ to }) => to === region).reduce((sum, { quantity }) => sum + quantity, 0),
    demand: expected.get(region) ?? 0,
  }));
}

interface Wanted {
  /** Shares by region that the caller asks for. @default what the forecast expects */
  readonly targets?: ReadonlyMap<string, number>;
  /** Many units were delivered here that the others may need at once. */
  readonly isWindfall?: boolean;
}

/** What a region knows of a place. */
interface Known {
  readonly quotas: readonly Quota[];
  /** Grants whose giver has not seen their acceptance yet. */
  readonly grants: readonly Grant[];
  readonly demands: readonly Demand[];
  /** Of the region itself. */
  readonly own: Demand | undefined;
}

function knownOf(deps: Dependencies, { locationId }: Place, records: SkuRecords): Known {
  const isHere = (record: { readonly locationId: string }) => record.locationId === locationId;
  const demands = records.demands.filter(isHere);
  return {
    quotas: records.quotas.filter(isHere),
    grants: records.grants.filter(isHere),
    demands,
    own: demands.find(({ region }) => region === deps.region),
  };
}

/** Whether units moved so lately that what is known of the regions does not fit together yet. */
function isSettling({ clock, region }: Dependencies, { quotas, grants, own }: Known): boolean {
  const sinceMs = clock.now() - SETTLE_MS;
  return (
    (own?.movedAtMs ?? 0) > sinceMs ||
    grants.some(({ grantedAtMs }) => grantedAtMs > sinceMs) ||
    quotas.some((quota) => quota.region === region && (quota.arrivedAtMs ?? 0) > sinceMs)
  );
}

async function planPlace(
  deps: RebalanceDependencies,
  known: Known,
  { regions, targets, isWindfall = false }: Wanted & { readonly regions: readonly string[] },
): Promise<RebalanceMove[]> {
  const { quotas, demands, own } = known;
  if (quotas.some(({ recalled }) => recalled === true)) return [];
  if (targets === undefined && !isWindfall && isSettling(deps, known)) return [];
  // A grant stays until its acceptance is seen: counted twice, its units would seem to be here and there.
  const underWay = await grantsSeenUnderWay(deps, known.grants);
  const shares = unitsByRegion(deps, regions, { quotas, underWay, demands });
  const spread = quotaSpreadPercent(shares);
  if (spread !== undefined) deps.reportSpread?.(spread);
  return planRebalance(shares, {
    giver: deps.region,
    moved: movedLately(own, deps.clock.now()),
    ...(targets === undefined ? {} : { targets }),
  });
}

/** Lets units go, as far as they are still there. */
async function giveAway(
  deps: Dependencies,
  { home, ...place }: Place & { readonly home: string },
  plan: { readonly moves: readonly RebalanceMove[]; readonly own: Demand | undefined },
): Promise<Grant[]> {
  let demand = plan.own;
  const granted: Grant[] = [];
  for (const { to, quantity } of plan.moves) {
    const grant = draftGrant(deps, { ...place, home, quantity }, { to, reason: 'rebalance' });
    const remember = rememberMove(deps, place, { demand, quantity });
    const commit = await deps.store.commit([...grantWrites(grant), remember]);
    if (commit.outcome !== 'committed') break;
    granted.push(grant);
    demand = remember.effect.does === 'put' ? (remember.effect.record as Demand) : demand;
  }
  return granted;
}

/** Acceptances as this replica has heard of them: nothing is asked of other regions. */
function grantsSeenUnderWay(deps: Dependencies, grants: readonly Grant[]): Promise<Grant[]> {
  return grantsUnderWay({ ...deps, replicas: { in: () => deps.store } }, grants);
}

/** Active regions; without an order only those that were heard of lately, the own one always. */
async function takingRegions(deps: Dependencies, isOrdered: boolean): Promise<string[]> {
  const active = (await deps.regionStates.all()).filter(({ status }) => status === 'active');
  const nowMs = deps.clock.now();
  return active
    .filter((state) => isOrdered || state.region === deps.region || mayReceive(state, nowMs))
    .map(({ region }) => region);
}

/**
 * Gives units of a sku to regions that need them more than the one that is acted in, as far as the velocity cap
 * allows. With `targets`, towards those shares, at once and without regard to the cap.
 */
export async function rebalanceSku(
  deps: RebalanceDependencies,
  { tenantId, sku }: { readonly tenantId: string; readonly sku: string },
  wanted: Wanted = {},
): Promise<void> {
  if (deps.regions.length === 1) return;
  const regions = await takingRegions(deps, wanted.targets !== undefined);
  if (!regions.includes(deps.region)) return;
  const records = await deps.store.readSku(tenantId, sku, 'strong');
  for (const { locationId, region: home } of records.stocks) {
    const place = { tenantId, sku, locationId };
    const known = knownOf(deps, place, records);
    const moves = await planPlace(deps, known, { ...wanted, regions });
    const grants = await giveAway(deps, { ...place, home }, { moves, own: known.own });
    // Tried at once, units are where they are needed seconds earlier than replication would bring them.
    await completeWrites(deps, grants.flatMap(grantWrites));
  }
}
