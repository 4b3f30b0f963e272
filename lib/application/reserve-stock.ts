import { type Result, reject } from '../domain/rejection.ts';
import { explainRefusal } from './explain-refusal.ts';
import { holdElsewhere, sellingRegions } from './hold-elsewhere.ts';
import type { HoldRequest, ReserveCommand, Reserved } from './hold-request.ts';
import { CONTENDED, hashKey } from './idempotency.ts';
import { type Knowledge, type Placed, placeHold, type ReserveDependencies, source } from './place-hold.ts';
import type { Caller, Idempotency } from './ports.ts';

export type { ReserveCommand } from './hold-request.ts';

export interface ReserveRequest {
  readonly command: ReserveCommand;
  readonly idempotency: Idempotency;
}

const NOTHING_KNOWN: Knowledge = { supply: [], hints: [], products: new Map(), certain: false };

/** The only region has too few units: a part may do, else the refusal says why. */
async function refuseOrPart(
  deps: ReserveDependencies,
  request: HoldRequest,
  knowledge: Knowledge,
): Promise<Placed> {
  const { supply, products } = knowledge;
  const sourced = await source(deps, request, supply);
  const { tenantId } = request.caller;
  const refusal = await explainRefusal(deps, tenantId, { ...request.command, supply, products, sourced });
  if (refusal !== undefined) return { placed: 'done', result: reject(refusal) };
  return placeHold(deps, request, { knowledge, partially: true });
}

async function hold(deps: ReserveDependencies, request: HoldRequest): Promise<Placed> {
  const regions = await sellingRegions(deps);
  let known = NOTHING_KNOWN;
  if (regions.includes(deps.region)) {
    const placed = await placeHold(deps, request, { partially: false });
    if (placed.placed === 'done') return placed;
    known = placed.knowledge;
  }
  if (deps.regions.length === 1) return refuseOrPart(deps, request, known);
  return holdElsewhere(deps, request, { ...known, regions });
}

/**
 * Holds units for a shopper: one transaction takes them from the quotas of one region and stores the reservation
 * under its idempotency key there. That is this region, unless it has too few and another can serve the request.
 * All lines or none, unless the command allows a part.
 *
 * Rejections: `idempotency_key_reused`, `unknown_sku`, `unknown_location`, `insufficient_stock`,
 * `too_many_allocations`, `contended`.
 *
 * @throws StoreUnavailableError when a region that may have placed the hold does not answer.
 */
export async function reserveStock(
  deps: ReserveDependencies,
  caller: Caller,
  { command, idempotency }: ReserveRequest,
): Promise<Result<Reserved>> {
  const keyHash = hashKey(deps, caller.tenantId, { path: 'reservations', key: idempotency.key });
  const placed = await hold(deps, { caller, command, idempotency, keyHash });
  return placed.placed === 'done' ? placed.result : reject(CONTENDED);
}
