import type { Product } from '../domain/catalogue.ts';
import { ABSENT, type GuardedWrite } from '../domain/guarded-write.ts';
import { NONCE_LENGTH } from '../domain/identifiers.ts';
import { ALLOCATIONS_MAX } from '../domain/limits.ts';
import type { QuotaKey } from '../domain/quota.ts';
import { changeQuota, take } from '../domain/quota-change.ts';
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { Reservation } from '../domain/reservation.ts';
import { isMet, type RequestedLine, type Sourced, type Sourcing, type Supply } from '../domain/sourcing.ts';
import { explainRefusal } from './explain-refusal.ts';
import { CONTENDED, hashKey, isSameRequest, KEY_REUSED } from './idempotency.ts';
import type { Caller, Dependencies, Idempotency } from './ports.ts';
import { assumedSupply, correctedSupply, readSupply, supplyId, supplyOf } from './supply.ts';

/** How often a hold is planned anew after the quotas it chose had changed under it. */
const PLANS_MAX = 8;

export interface ReserveCommand {
  readonly lines: readonly RequestedLine[];
  readonly ttlSeconds: number;
  readonly allowPartial: boolean;
  readonly reference?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Reserved {
  readonly reservation: Reservation;
  /** The reservation was there already: this request is a retry. */
  readonly replayed: boolean;
}

export interface ReserveRequest {
  readonly command: ReserveCommand;
  readonly idempotency: Idempotency;
}

export type ReserveDependencies = Dependencies & { readonly sourcing: Sourcing };

/** What is known while a hold is planned. `certain`: read strongly within this request. */
interface Knowledge {
  readonly supply: readonly Supply[];
  readonly products: ReadonlyMap<string, Product>;
  readonly certain: boolean;
}

/** One attempt to place a hold: what is asked, under which key, and what is known by now. */
interface Attempt extends ReserveRequest {
  readonly keyHash: string;
  readonly knowledge: Knowledge;
}

/** An attempt either ends the request or goes on with better knowledge. */
type Attempted = { readonly done: Result<Reserved> } | { readonly knowledge: Knowledge };

const NO_PRODUCTS: ReadonlyMap<string, Product> = new Map();

async function firstKnowledge(
  deps: Dependencies,
  tenantId: string,
  { lines, allowPartial }: ReserveCommand,
): Promise<Knowledge> {
  const isOpen = lines.some(({ locationId }) => locationId === undefined);
  const locations = isOpen ? await deps.locations.of(tenantId) : [];
  if (!allowPartial && (!isOpen || locations.length === 1)) {
    const supply = assumedSupply(deps.region, lines, locations[0]?.locationId);
    return { supply, products: NO_PRODUCTS, certain: false };
  }
  const { quotas, products } = await readSupply(deps, lines, { tenantId, consistency: 'eventual' });
  return { supply: supplyOf(quotas), products, certain: false };
}

function takesOf({ tenantId, region, lines }: Reservation): GuardedWrite[] {
  const units = new Map<string, { key: QuotaKey; quantity: number }>();
  for (const { sku, allocations } of lines) {
    for (const { locationId, shard, quantity } of allocations) {
      const key = { tenantId, sku, locationId, region, shard };
      const taken = units.get(supplyId(key))?.quantity ?? 0;
      units.set(supplyId(key), { key, quantity: taken + quantity });
    }
  }
  return [...units.values()].map(({ key, quantity }) => changeQuota(key, take(quantity)));
}

function draft(
  deps: Dependencies,
  caller: Caller,
  attempt: Attempt & { readonly sourced: Sourced },
): Reservation {
  const { command, idempotency, keyHash, sourced } = attempt;
  const createdAtMs = deps.clock.now();
  const expiresAtMs = createdAtMs + command.ttlSeconds * 1000;
  return {
    tenantId: caller.tenantId,
    keyHash,
    nonce: deps.random.hex(NONCE_LENGTH),
    fingerprint: idempotency.fingerprint,
    region: deps.region,
    createdAtMs,
    firstExpiresAtMs: expiresAtMs,
    actor: caller.actor,
    ...(command.reference === undefined ? {} : { reference: command.reference }),
    metadata: command.metadata,
    lines: command.lines.map((line, index) => ({ ...line, allocations: sourced[index] ?? [] })),
    status: 'held',
    expiresAtMs,
    version: 1,
    history: [],
  };
}

function replay(stored: Reservation, idempotency: Idempotency): Result<Reserved> {
  if (!isSameRequest(stored, idempotency)) return reject(KEY_REUSED);
  return succeed({ reservation: stored, replayed: true });
}

async function source(deps: ReserveDependencies, tenantId: string, attempt: Attempt): Promise<Sourced> {
  const { lines } = attempt.command;
  const isOpen = lines.some(({ locationId }) => locationId === undefined);
  const locations = isOpen ? await deps.locations.of(tenantId) : [];
  const priorities = new Map(locations.map(({ locationId, priority }) => [locationId, priority]));
  const priorityOf = (locationId: string) => priorities.get(locationId) ?? Number.MAX_SAFE_INTEGER;
  return deps.sourcing(lines, attempt.knowledge.supply, priorityOf);
}

/** Before a refusal: a retry is answered as it was, and nothing but strong reads refuses. */
async function lookCloser(deps: Dependencies, tenantId: string, attempt: Attempt): Promise<Attempted> {
  const { command, idempotency, keyHash } = attempt;
  const [stored, { quotas, products }] = await Promise.all([
    deps.store.get('reservation', { tenantId, keyHash }, 'strong'),
    readSupply(deps, command.lines, { tenantId, consistency: 'strong' }),
  ]);
  if (stored !== undefined) return { done: replay(stored, idempotency) };
  return { knowledge: { supply: supplyOf(quotas), products, certain: true } };
}

/** Takes the units and stores the reservation, all in one transaction. */
async function place(
  deps: Dependencies,
  reservation: Reservation,
  { idempotency, knowledge }: Attempt,
): Promise<Attempted> {
  const { tenantId, keyHash } = reservation;
  const store: GuardedWrite = {
    entity: 'reservation',
    key: { tenantId, keyHash },
    conditions: [ABSENT],
    effect: { does: 'put', record: reservation },
  };
  const writes = [store, ...takesOf(reservation)];
  const commit = await deps.store.commit(writes);
  if (commit.outcome === 'committed') return { done: succeed({ reservation, replayed: false }) };
  if (commit.outcome === 'contended') return { done: reject(CONTENDED) };
  const stored = commit.images.get(0);
  if (stored !== undefined) return { done: replay(stored as Reservation, idempotency) };
  return { knowledge: { ...knowledge, supply: correctedSupply(knowledge.supply, writes, commit.images) } };
}

async function attemptHold(deps: ReserveDependencies, caller: Caller, attempt: Attempt): Promise<Attempted> {
  const { tenantId } = caller;
  const { command, knowledge } = attempt;
  const sourced = await source(deps, tenantId, attempt);
  const isWhole = command.lines.every((line, index) => isMet(line, sourced[index] ?? []));
  const allocations = sourced.reduce((sum, units) => sum + units.length, 0);
  const isTooSpread = allocations > ALLOCATIONS_MAX;
  if (!isWhole || isTooSpread) {
    if (!knowledge.certain) return lookCloser(deps, tenantId, attempt);
    const refusal = await explainRefusal(deps, tenantId, { ...command, ...knowledge, sourced });
    if (refusal !== undefined) return { done: reject(refusal) };
    if (isTooSpread) {
      const detail = `The units lie in ${allocations} places; a reservation takes from at most ${ALLOCATIONS_MAX}.`;
      return { done: reject({ code: 'too_many_allocations', detail }) };
    }
  }
  return place(deps, draft(deps, caller, { ...attempt, sourced }), attempt);
}

/**
 * Holds units for a shopper: one transaction takes them from this region's quotas and stores the reservation
 * under its idempotency key. All lines or none, unless the command allows a part.
 *
 * Rejections: `idempotency_key_reused`, `unknown_sku`, `unknown_location`, `insufficient_stock`,
 * `too_many_allocations`, `contended`.
 */
export async function reserveStock(
  deps: ReserveDependencies,
  caller: Caller,
  request: ReserveRequest,
): Promise<Result<Reserved>> {
  const keyHash = hashKey(deps, caller.tenantId, { path: 'reservations', key: request.idempotency.key });
  let knowledge = await firstKnowledge(deps, caller.tenantId, request.command);
  for (let plan = 0; plan < PLANS_MAX; plan += 1) {
    const attempted = await attemptHold(deps, caller, { ...request, keyHash, knowledge });
    if ('done' in attempted) return attempted.done;
    knowledge = attempted.knowledge;
  }
  return reject(CONTENDED);
}
