/** What every reachable region has, read strongly: only that may refuse a hold. */
import type { Product } from '../domain/catalogue.ts';
import type { Grant } from '../domain/grant.ts';
import type { Quota } from '../domain/quota.ts';
import type { Reservation } from '../domain/reservation.ts';
import { actingIn } from './acting-in.ts';
import { tryNow } from './complete-writes.ts';
import { grantsUnderWay } from './grants-under-way.ts';
import type { HoldRequest } from './hold-request.ts';
import { livingRegions } from './owned-records.ts';
import type { Dependencies } from './ports.ts';
import { meetNewPlaces, skusOf } from './supply.ts';

/** What one region says of the skus of a request. */
interface RegionSurvey {
  readonly region: string;
  /** Its own. */
  readonly quotas: readonly Quota[];
  /** Its own, open. */
  readonly grants: readonly Grant[];
  readonly products: readonly Product[];
  /** What it has made of the key already. */
  readonly reservation: Reservation | undefined;
}

export interface Survey {
  /** Of every region in reach. */
  readonly quotas: readonly Quota[];
  /** Units that are in no quota: on their way to a region in reach. */
  readonly underWay: readonly Grant[];
  /** Open grants that have been accepted: perhaps after the taker's quota was read, and then they are counted nowhere. */
  readonly accepted: readonly string[];
  readonly products: ReadonlyMap<string, Product>;
  readonly reachable: ReadonlySet<string>;
  /** What some region has made of the key already. */
  readonly reservation: Reservation | undefined;
}

async function surveyRegion(deps: Dependencies, request: HoldRequest): Promise<RegionSurvey> {
  const { caller, command, keyHash } = request;
  const { tenantId } = caller;
  const { region, store } = deps;
  const [reservation, records] = await Promise.all([
    store.get('reservation', { tenantId, keyHash, region }, 'strong'),
    Promise.all(skusOf(command.lines).map((sku) => store.readSku(tenantId, sku, 'strong'))),
  ]);
  return {
    region,
    reservation,
    quotas: records.flatMap(({ quotas }) => quotas.filter((quota) => quota.region === region)),
    grants: records.flatMap(({ grants }) => grants.filter(({ from }) => from === region)),
    products: records.flatMap(({ product }) => product ?? []),
  };
}

/**
 * Asks all regions; another one that does not answer is left out.
 *
 * @throws StoreUnavailableError when the region that is acted in does not answer: nothing is known then.
 */
export async function surveyRegions(deps: Dependencies, request: HoldRequest): Promise<Survey> {
  const regions = await livingRegions(deps);
  const answers = await Promise.all(
    regions.map((region) => {
      const ask = () => surveyRegion(actingIn(deps, region), request);
      return region === deps.region ? ask() : tryNow(ask);
    }),
  );
  const surveys = answers.flatMap((answer) => answer ?? []);
  const reachable = new Set(surveys.map(({ region }) => region));
  const quotas = surveys.flatMap((survey) => survey.quotas);
  await meetNewPlaces(deps, request.caller.tenantId, quotas);
  const towardsReach = surveys.flatMap(({ grants }) => grants.filter(({ to }) => reachable.has(to)));
  const underWay = (await tryNow(() => grantsUnderWay(deps, towardsReach))) ?? [];
  const stillOpen = new Set(underWay.map(({ grantId }) => grantId));
  return {
    quotas,
    underWay,
    accepted: towardsReach.map(({ grantId }) => grantId).filter((grantId) => !stillOpen.has(grantId)),
    products: new Map(surveys.flatMap(({ products }) => products.map((product) => [product.sku, product]))),
    reachable,
    reservation: surveys.flatMap(({ reservation }) => reservation ?? [])[0],
  };
}
