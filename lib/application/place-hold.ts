/** A hold in one region: its units come from that region's quotas, in one transaction, or not at all. */
import type { Product } from '../domain/catalogue.ts';
import { ALLOCATIONS_MAX } from '../domain/limits.ts';
import type { Quota } from '../domain/quota.ts';
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { Reservation } from '../domain/reservation.ts';
import { isMet, type Sourced, type Sourcing, type Supply } from '../domain/sourcing.ts';
import { draftHold, type HoldRequest, holdWrites, type Reserved, replayHold } from './hold-request.ts';
import { CONTENDED } from './idempotency.ts';
import type { Dependencies } from './ports.ts';
import { assumedSupply, correctedSupply, readSupply, supplyOf } from './supply.ts';

/** How often a hold is planned anew after the quotas it chose had changed under it. */
const PLANS_MAX = 8;

export type ReserveDependencies = Dependencies & { readonly sourcing: Sourcing };

/** What is known while a hold is planned. */
export interface Knowledge {
  /** Of the quotas of the region that is acted in. */
  readonly supply: readonly Supply[];
  /** Quotas of all regions, as the replica shows them: hints where units may be. */
  readonly hints: readonly Quota[];
  readonly products: ReadonlyMap<string, Product>;
  /** Read strongly within this request. */
  readonly certain: boolean;
}

/** `short`: the region has too few units; nothing was taken. */
export type Placed =
  | { readonly placed: 'done'; readonly result: Result<Reserved> }
  | { readonly placed: 'short'; readonly knowledge: Knowledge };

/** An attempt either ends the placement or goes on with better knowledge. */
type Attempted = Placed | { readonly placed: 'again'; readonly knowledge: Knowledge };

const done = (result: Result<Reserved>): Placed => ({ placed: 'done', result });

const ofRegion = (quotas: readonly Quota[], region: string): Quota[] =>
  quotas.filter((quota) => quota.region === region);

/** Reads what is known of the lines, unless it is certain where they would take from. */
async function firstKnowledge(deps: Dependencies, request: HoldRequest): Promise<Knowledge> {
  const { lines, allowPartial } = request.command;
  const { tenantId } = request.caller;
  const isOpen = lines.some(({ locationId }) => locationId === undefined);
  const locations = isOpen ? await deps.locations.of(tenantId) : [];
  if (!allowPartial && (!isOpen || locations.length === 1)) {
    const [only] = locations;
    const named = await Promise.all(
      lines.map(({ locationId }) =>
        locationId === undefined ? only : deps.locations.find(tenantId, locationId),
      ),
    );
    return { supply: assumedSupply(lines, named), hints: [], products: new Map(), certain: false };
  }
  const { quotas, products } = await readSupply(deps, lines, { tenantId, consistency: 'eventual' });
  const supply = await supplyOf(deps, tenantId, ofRegion(quotas, deps.region));
  return { supply, hints: quotas, products, certain: false };
}

/** What another region has made of the same key, as soon as this replica has heard of it. */
async function knownSibling(deps: Dependencies, request: HoldRequest): Promise<Reservation | undefined> {
  if (deps.regions.length === 1) return undefined;
  const siblings = await deps.store.siblings(request.caller.tenantId, request.keyHash);
  return siblings.find(({ region }) => region === deps.region) ?? siblings[0];
}

/** Where the lines take their units from, by the strategy and the priorities of the locations. */
export async function source(
  deps: ReserveDependencies,
  { caller, command }: HoldRequest,
  supply: readonly Supply[],
): Promise<Sourced> {
  const { lines } = command;
  const isOpen = lines.some(({ locationId }) => locationId === undefined);
  const locations = isOpen ? await deps.locations.of(caller.tenantId) : [];
  const priorities = new Map(locations.map(({ locationId, priority }) => [locationId, priority]));
  const priorityOf = (locationId: string) => priorities.get(locationId) ?? Number.MAX_SAFE_INTEGER;
  return deps.sourcing(lines, supply, priorityOf);
}

/** Nothing but strong reads says that a region has too little; and a retry is answered before that. */
async function lookCloser(deps: Dependencies, request: HoldRequest): Promise<Attempted> {
  const { caller, command, keyHash } = request;
  const { tenantId } = caller;
  const key = { tenantId, keyHash, region: deps.region };
  const [stored, { quotas, products }] = await Promise.all([
    deps.store.get('reservation', key, 'strong'),
    readSupply(deps, command.lines, { tenantId, consistency: 'strong' }),
  ]);
  if (stored !== undefined) return done(replayHold(stored, request));
  const supply = await supplyOf(deps, tenantId, ofRegion(quotas, deps.region));
  return { placed: 'again', knowledge: { supply, hints: quotas, products, certain: true } };
}

/** Takes the units and stores the reservation, all in one transaction. */
async function commitHold(
  deps: Dependencies,
  request: HoldRequest,
  { sourced, knowledge }: { readonly sourced: Sourced; readonly knowledge: Knowledge },
): Promise<Attempted> {
  const reservation = draftHold(deps, request, sourced);
  const writes = holdWrites(reservation);
  const commit = await deps.store.commit(writes);
  if (commit.outcome === 'committed') return done(succeed({ reservation, replayed: false }));
  if (commit.outcome === 'contended') return done(reject(CONTENDED));
  const stored = commit.images.get(0);
  if (stored !== undefined) return done(replayHold(stored as Reservation, request));
  const supply = correctedSupply(knowledge.supply, writes, commit.images);
  return { placed: 'again', knowledge: { ...knowledge, supply } };
}

interface HowToPlace {
  /** What is known already. @default nothing: it is read */
  readonly knowledge?: Knowledge;
  /** Whether a part will do, should the region not have all. */
  readonly partially: boolean;
}

async function attempt(
  deps: ReserveDependencies,
  request: HoldRequest,
  { knowledge, partially }: { readonly knowledge: Knowledge; readonly partially: boolean },
): Promise<Attempted> {
  const { lines } = request.command;
  const sourced = await source(deps, request, knowledge.supply);
  const isWhole = lines.every((line, index) => isMet(line, sourced[index] ?? []));
  const allocations = sourced.reduce((sum, units) => sum + units.length, 0);
  const mayPlace = isWhole || (partially && knowledge.certain && allocations > 0);
  if (!mayPlace || allocations > ALLOCATIONS_MAX) {
    if (!knowledge.certain) return lookCloser(deps, request);
    if (!mayPlace) return { placed: 'short', knowledge };
    const detail = `The units lie in ${allocations} places; a reservation takes from at most ${ALLOCATIONS_MAX}.`;
    return done(reject({ code: 'too_many_allocations', detail }));
  }
  return commitHold(deps, request, { sourced, knowledge });
}

/**
 * Places a hold in the region that is acted in, if it has the units.
 *
 * Rejections: `idempotency_key_reused`, `too_many_allocations`, `contended`.
 */
export async function placeHold(
  deps: ReserveDependencies,
  request: HoldRequest,
  { knowledge: given, partially }: HowToPlace,
): Promise<Placed> {
  const [sibling, first] = await Promise.all([
    knownSibling(deps, request),
    given ?? firstKnowledge(deps, request),
  ]);
  if (sibling !== undefined) return done(replayHold(sibling, request));
  let knowledge = first;
  for (let plan = 0; plan < PLANS_MAX; plan += 1) {
    const attempted = await attempt(deps, request, { knowledge, partially });
    if (attempted.placed !== 'again') return attempted;
    knowledge = attempted.knowledge;
  }
  return done(reject(CONTENDED));
}
