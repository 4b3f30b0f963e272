/** Shares the units of a sku among the regions because somebody asks for it: each region gives what it has too much. */
import type { RegionState } from '../domain/region.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import { actingIn } from './acting-in.ts';
import { tryNow } from './complete-writes.ts';
import { readProduct } from './read-catalogue.ts';
import { type RebalanceDependencies, rebalanceSku } from './rebalance-sku.ts';

export interface RebalanceCommand {
  readonly sku: string;
  /** Shares by region, not negative and not all 0. @default what each region is expected to sell */
  readonly targets?: Readonly<Record<string, number>>;
}

/** The first region among the targets that is not deployed. */
function unknownTarget(
  { regions }: RebalanceDependencies,
  { targets = {} }: RebalanceCommand,
): Rejection | undefined {
  const unknown = Object.keys(targets).find((region) => !regions.includes(region));
  if (unknown === undefined) return undefined;
  return {
    code: 'validation_failed',
    detail: `${unknown} is not a region of this deployment.`,
    path: `targets.${unknown}`,
  };
}

/**
 * Active regions that answer. The others are asked for nothing, and given nothing: units on their way to a region
 * that is lost would be stranded.
 */
async function regionsInReach(deps: RebalanceDependencies): Promise<RegionState[]> {
  const states = await deps.regionStates.all();
  const asked = states.map(async (state): Promise<RegionState[]> => {
    const { region } = state;
    const answer = await tryNow(async () => {
      const own = await actingIn(deps, region).store.get('regionState', { region }, 'strong');
      return own ?? state;
    });
    return answer?.status === 'active' ? [answer] : [];
  });
  return (await Promise.all(asked)).flat();
}

/**
 * Rebalances a sku among the regions that are active and in reach; the others keep what they have.
 *
 * Rejections: `validation_failed`, `not_found`.
 *
 * @returns the regions that were reached.
 */
export async function rebalanceEverywhere(
  deps: RebalanceDependencies,
  tenantId: string,
  command: RebalanceCommand,
): Promise<Result<{ readonly sku: string; readonly regions: readonly string[] }>> {
  const unknown = unknownTarget(deps, command);
  if (unknown !== undefined) return reject(unknown);
  const { sku, targets } = command;
  if ((await readProduct(deps, tenantId, sku)) === undefined) {
    return reject({ code: 'not_found', detail: `There is no product ${sku}.` });
  }
  const wanted = targets === undefined ? {} : { targets: new Map(Object.entries(targets)) };
  const states = await regionsInReach(deps);
  const inReach = { ...deps, regionStates: { all: async () => states } };
  const regions: string[] = [];
  // One after the other: what one region gives the next one may already see, and so does not give as well.
  for (const { region } of states) {
    const isDone = await tryNow(async () => {
      await rebalanceSku(actingIn(inReach, region), { tenantId, sku }, wanted);
      return true;
    });
    if (isDone === true) regions.push(region);
  }
  return succeed({ sku, regions });
}
