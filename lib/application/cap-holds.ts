/** Caps on open holds, for the tiers that have them: asked before a hold, and never instead of a first answer. */
import { type Exceeded, exceededCount, exceededShare, type HoldCaps } from '../domain/hold-caps.ts';
import type { HoldsKey, SeenHold } from '../domain/open-holds.ts';
import { openAt, unitsHeld } from '../domain/open-holds.ts';
import { type Result, reject } from '../domain/rejection.ts';
import type { Reservation } from '../domain/reservation.ts';
import { actingIn } from './acting-in.ts';
import type { HoldBook } from './hold-book.ts';
import { type Reserved, replayHold } from './hold-request.ts';
import { hashKey } from './idempotency.ts';
import type { ReserveDependencies } from './place-hold.ts';
import { type Caller, StoreUnavailableError } from './ports.ts';
import { referenceHash } from './reference-hash.ts';
import { type ReserveRequest, reserveStock } from './reserve-stock.ts';

/** Nobody should wait for longer than that to ask again: holds are also confirmed and released. */
const RETRY_AFTER_MAX_MS = 60_000;

export type CappedDependencies = ReserveDependencies & { readonly holdBook: HoldBook };

interface CappedRequest extends ReserveRequest {
  readonly caps: HoldCaps;
}

/** Units of a sku that are to be sold or promised, as the read model has heard; `undefined`: it has not. */
async function unitsOf({ stock }: ReserveDependencies, tenantId: string, sku: string) {
  const seen = await stock.of(tenantId, sku);
  return seen?.rollup.quotas.reduce((sum, { available, promised }) => sum + available + promised, 0);
}

/** Of a sku in several lines the lines count together. */
function quantities({ command }: ReserveRequest): [sku: string, quantity: number][] {
  const bySku = Map.groupBy(command.lines, ({ sku }) => sku);
  return [...bySku].map(([sku, lines]) => [sku, lines.reduce((sum, { quantity }) => sum + quantity, 0)]);
}

async function shareExceeded(
  deps: ReserveDependencies,
  { tenantId }: Caller,
  { request, ofReference }: { readonly request: CappedRequest; readonly ofReference: readonly SeenHold[] },
): Promise<Exceeded | undefined> {
  const nowMs = deps.clock.now();
  const { caps, command } = request;
  const own = openAt(ofReference, nowMs);
  for (const [sku, quantity] of quantities(request)) {
    // Nearly every cart ends here, without another read.
    if (unitsHeld(own, sku) + quantity <= caps.unitsFloor) continue;
    const units = await unitsOf(deps, tenantId, sku);
    // More than there is at all is refused for that, and by those who know it exactly.
    if (units === undefined || (quantity > units && !command.allowPartial)) continue;
    const exceeded = exceededShare(caps, { sku, quantity, units }, { ofReference: own, nowMs });
    if (exceeded !== undefined) return exceeded;
  }
  return undefined;
}

async function findExceeded(
  deps: CappedDependencies,
  caller: Caller,
  request: CappedRequest,
): Promise<Exceeded | undefined> {
  const { tenantId } = caller;
  const { reference } = request.command;
  const hash = reference === undefined ? undefined : referenceHash(deps, tenantId, reference);
  const keys: HoldsKey[] = [{ tenantId }, ...(hash === undefined ? [] : [{ tenantId, referenceHash: hash }])];
  const [tenant, own] = await deps.holdBook.read(keys);
  const ofReference = own?.holds ?? [];
  const counted = { ofTenant: tenant?.holds ?? [], ofReference };
  const exceeded = exceededCount(request.caps, counted, deps.clock.now());
  if (exceeded !== undefined || reference === undefined) return exceeded;
  return shareExceeded(deps, caller, { request, ofReference });
}

/** A cap protects stock from being hoarded; where it cannot be asked, selling goes on. */
async function exceededCap(
  deps: CappedDependencies,
  caller: Caller,
  request: CappedRequest,
): Promise<Exceeded | undefined> {
  try {
    return await findExceeded(deps, caller, request);
  } catch (error) {
    if (error instanceof StoreUnavailableError) return undefined;
    throw error;
  }
}

/** What the same key has made already, in whatever region: it is answered as it was the first time. */
async function firstAnswer(
  deps: ReserveDependencies,
  caller: Caller,
  { command, idempotency }: ReserveRequest,
): Promise<Result<Reserved> | undefined> {
  const { tenantId } = caller;
  const keyHash = hashKey(deps, tenantId, { path: 'reservations', key: idempotency.key });
  const find = async (region: string): Promise<Reservation | undefined> =>
    actingIn(deps, region).store.get('reservation', { tenantId, keyHash, region }, 'strong');
  const found = await Promise.all(deps.regions.map(find));
  const stored = found.find((reservation) => reservation !== undefined);
  return stored && replayHold(stored, { caller, command, idempotency, keyHash });
}

/**
 * Holds units for a shopper, if the caps of the tenant's tier allow another hold. They are as soft as the stream is
 * late: a hold counts once the region has heard of it.
 *
 * Rejections: `rate_limited`, and those of `reserveStock`.
 *
 * @throws StoreUnavailableError as `reserveStock` does; and when a region that may have the first answer is out of reach.
 */
export async function reserveWithinCaps(
  deps: CappedDependencies,
  caller: Caller,
  { caps, ...request }: ReserveRequest & { readonly caps: HoldCaps | undefined },
): Promise<Result<Reserved>> {
  const exceeded = caps && (await exceededCap(deps, caller, { ...request, caps }));
  if (exceeded === undefined) return reserveStock(deps, caller, request);
  const first = await firstAnswer(deps, caller, request);
  if (first !== undefined) return first;
  const { limit, detail, freeAtMs } = exceeded;
  const retryAfterMs = Math.min(RETRY_AFTER_MAX_MS, freeAtMs - deps.clock.now());
  return reject({ code: 'rate_limited', detail: `${detail} Nothing was taken.`, limit, retryAfterMs });
}
