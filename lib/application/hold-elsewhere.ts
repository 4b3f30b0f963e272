/**
 * A hold that its own region cannot serve: another region that has it all runs it whole; else what is missing is
 * pulled by grants; and it is refused only when all regions in reach together have too little.
 */
import { putGrant } from '../domain/grant-change.ts';
import { FIRST_SHARD } from '../domain/quota.ts';
import { reject } from '../domain/rejection.ts';
import { isMet, type Sourced, type Supply } from '../domain/sourcing.ts';
import { actingIn } from './acting-in.ts';
import { backOff } from './back-off.ts';
import { completeWrites } from './complete-writes.ts';
import { explainRefusal } from './explain-refusal.ts';
import { type HoldRequest, replayHold } from './hold-request.ts';
import { CONTENDED } from './idempotency.ts';
import { type Knowledge, type Placed, placeHold, type ReserveDependencies, source } from './place-hold.ts';
import { StoreUnavailableError } from './ports.ts';
import { missingUnits, pullUnits } from './pull-units.ts';
import { supplyOf } from './supply.ts';
import { type Survey, surveyRegions } from './survey-regions.ts';

/** How often the regions are asked anew: others take units meanwhile, and units on their way arrive. */
const ROUNDS_MAX = 6;

/** Regions that take new holds, the own one first. Were there none, the own one would have to. */
export async function sellingRegions(deps: ReserveDependencies): Promise<string[]> {
  if (deps.regions.length === 1) return [deps.region];
  const active = (await deps.regionStates.all()).filter(({ status }) => status === 'active');
  const names = active.map(({ region }) => region);
  const isOwnActive = names.includes(deps.region);
  const others = names.filter((name) => name !== deps.region);
  return isOwnActive || others.length === 0 ? [deps.region, ...others] : others;
}

const isWhole = ({ command }: HoldRequest, sourced: Sourced): boolean =>
  command.lines.every((line, index) => isMet(line, sourced[index] ?? []));

/** What a region could serve of a request, as far as is known. */
async function knowledgeOf(
  deps: ReserveDependencies,
  request: HoldRequest,
  known: { readonly region: string } & Pick<Knowledge, 'hints' | 'products'>,
): Promise<Knowledge & { readonly whole: boolean }> {
  const { region, hints, products } = known;
  const own = hints.filter((quota) => quota.region === region);
  const supply = await supplyOf(deps, request.caller.tenantId, own);
  const whole = isWhole(request, await source(deps, request, supply));
  return { supply, hints, products, certain: false, whole };
}

/**
 * Runs the hold in the first of the regions that seems to have it all. A region that cannot be reached is passed
 * over, unless it may have placed the hold: then nobody else must.
 */
async function forward(
  deps: ReserveDependencies,
  request: HoldRequest,
  known: { readonly regions: readonly string[] } & Pick<Knowledge, 'hints' | 'products'>,
): Promise<Placed | undefined> {
  for (const region of known.regions) {
    const { whole, ...knowledge } = await knowledgeOf(deps, request, { ...known, region });
    if (!whole) continue;
    try {
      const placed = await placeHold(actingIn(deps, region), request, { knowledge, partially: false });
      if (placed.placed === 'done') return placed;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || error.effect === 'unknown') throw error;
    }
  }
  return undefined;
}

/** The quotas of all regions as one: a supply for each sku and location. */
function merged(supply: readonly Supply[]): Supply[] {
  const byPlace = Map.groupBy(supply, ({ sku, locationId }) => `${sku}#${locationId}`);
  return [...byPlace.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const available = rest.reduce((sum, part) => sum + part.available, first.available);
    const promised = rest.reduce((sum, part) => sum + part.promised, first.promised);
    return [{ ...first, available, promised }];
  });
}

/** Whether the units that are missing may arrive by themselves: those that are on their way would suffice. */
async function isUnderWay(
  deps: ReserveDependencies,
  request: HoldRequest,
  { supply, survey }: { readonly supply: readonly Supply[]; readonly survey: Survey },
): Promise<boolean> {
  if (survey.underWay.length === 0) return false;
  const coming = survey.underWay.map(({ sku, locationId, home, quantity }): Supply => {
    return { sku, locationId, region: home, shard: FIRST_SHARD, available: quantity, promised: 0 };
  });
  return isWhole(request, await source(deps, request, merged([...supply, ...coming])));
}

type Round = Placed | { readonly placed: 'again' };

/** Pulls what the target lacks and tries there again. */
async function gather(
  deps: ReserveDependencies,
  request: HoldRequest,
  plan: { readonly target: string; readonly sourced: Sourced; readonly survey: Survey },
): Promise<Round> {
  const { target, sourced, survey } = plan;
  const { command, caller } = request;
  const needed = command.lines.flatMap(({ sku }, index) =>
    (sourced[index] ?? []).map((units) => ({ ...units, sku })),
  );
  const there = actingIn(deps, target);
  const { quotas } = survey;
  await pullUnits(there, missingUnits(caller.tenantId, needed, { target, quotas }));
  const partially = !isWhole(request, sourced);
  const placed = await placeHold(there, request, { partially });
  return placed.placed === 'done' ? placed : { placed: 'again' };
}

interface Course {
  readonly regions: readonly string[];
  /** Grants that an earlier survey saw accepted: a later one reads their units in the takers' quotas. */
  readonly accepted: Set<string>;
}

/** Whether a survey may have missed units: a grant was accepted after its taker's quota had been read. */
function mayHaveMissed({ accepted }: Survey, course: Course): boolean {
  const news = accepted.filter((grantId) => !course.accepted.has(grantId));
  for (const grantId of news) course.accepted.add(grantId);
  return news.length > 0;
}

async function round(deps: ReserveDependencies, request: HoldRequest, course: Course): Promise<Round> {
  const survey = await surveyRegions(deps, request);
  if (survey.reservation !== undefined) {
    return { placed: 'done', result: replayHold(survey.reservation, request) };
  }
  const { quotas: hints, products } = survey;
  const selling = course.regions.filter((region) => survey.reachable.has(region));
  const forwarded = await forward(deps, request, { regions: selling, hints, products });
  if (forwarded !== undefined) return forwarded;
  const supply = merged(await supplyOf(deps, request.caller.tenantId, hints));
  const sourced = await source(deps, request, supply);
  const [target = deps.region] = selling;
  if (isWhole(request, sourced)) return gather(deps, request, { target, sourced, survey });
  if (mayHaveMissed(survey, course)) return { placed: 'again' };
  if (await isUnderWay(deps, request, { supply, survey })) {
    // Nothing but the grant is needed to accept it: why wait for a stream that may be late.
    await completeWrites(deps, survey.underWay.map(putGrant));
    return { placed: 'again' };
  }
  const { tenantId } = request.caller;
  const refusal = await explainRefusal(deps, tenantId, { ...request.command, sourced, supply, products });
  if (refusal !== undefined) return { placed: 'done', result: reject(refusal) };
  return gather(deps, request, { target, sourced, survey });
}

/**
 * Places a hold wherever it can be placed.
 *
 * @param hints what the own replica knows of other regions.
 */
export async function holdElsewhere(
  deps: ReserveDependencies,
  request: HoldRequest,
  known: { readonly regions: readonly string[] } & Pick<Knowledge, 'hints' | 'products'>,
): Promise<Placed> {
  const { regions } = known;
  const others = regions.filter((region) => region !== deps.region);
  const forwarded = await forward(deps, request, { ...known, regions: others });
  if (forwarded !== undefined) return forwarded;
  const course: Course = { regions, accepted: new Set() };
  for (let attempt = 0; attempt < ROUNDS_MAX; attempt += 1) {
    const ended = await round(deps, request, course);
    if (ended.placed !== 'again') return ended;
    await backOff(deps, attempt);
  }
  return { placed: 'done', result: reject(CONTENDED) };
}
