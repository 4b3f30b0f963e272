import { insertMovement } from '../domain/booking.ts';
import { ABSENT, type GuardedWrite } from '../domain/guarded-write.ts';
import { KEY_HASH_LENGTH } from '../domain/identifiers.ts';
import type { Movement, MovementReceipt } from '../domain/movement.ts';
import {
  type MovementCommand,
  type PlannedMovement,
  planMovement,
  refusalOfMissing,
} from '../domain/movement-plan.ts';
import { changeQuota } from '../domain/quota-change.ts';
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { Settlement } from '../domain/settlement.ts';
import { changeStock } from '../domain/stock-change.ts';
import { actingIn } from './acting-in.ts';
import { backOff } from './back-off.ts';
import { bookAllShipments } from './book-all-shipments.ts';
import { completeWrites } from './complete-writes.ts';
import { CONTENDED, hashKey, isSameRequest, KEY_REUSED } from './idempotency.ts';
import type { Caller, Dependencies, Idempotency } from './ports.ts';
import { pullHome } from './pull-home.ts';
import { findLocation, type Place, readPlace } from './read-place.ts';
import { quotaKey } from './supply.ts';

/** How often a movement is planned anew after the stock or the quota had changed under it. */
const PLANS_MAX = 20;

export interface MovementRequest {
  readonly command: MovementCommand;
  readonly idempotency: Idempotency;
}

export interface Recorded {
  readonly movement: Movement;
  readonly replayed: boolean;
}

/** The replica's copy of the product must still be the one that the settlement was made for. */
function checkProduct({ product, productGuard }: Place): GuardedWrite {
  const { tenantId, sku } = product;
  return {
    entity: 'product',
    key: { tenantId, sku },
    conditions: productGuard,
    effect: { does: 'check' },
  };
}

function draft(
  deps: Dependencies,
  caller: Caller,
  booked: { readonly command: MovementCommand; readonly delta: number; readonly place: Place },
): Movement {
  const { command, delta, place } = booked;
  return {
    tenantId: caller.tenantId,
    ...command,
    occurredAtMs: deps.clock.now(),
    movementId: `mov.${deps.random.hex(KEY_HASH_LENGTH)}`,
    delta,
    onHandAfter: place.position.onHand + delta,
    region: deps.region,
    stockVersion: (place.stock?.version ?? 0) + 1,
    actor: caller.actor,
  };
}

function recordWrites(
  home: Dependencies,
  place: Place,
  record: { readonly settlement: Settlement; readonly receipt: MovementReceipt },
): GuardedWrite[] {
  const { settlement, receipt } = record;
  const { movement, region } = receipt;
  const { tenantId, sku, locationId } = movement;
  return [
    {
      entity: 'movementReceipt',
      key: { tenantId, keyHash: receipt.keyHash, region },
      conditions: [ABSENT],
      effect: { does: 'put', record: receipt },
    },
    insertMovement(movement),
    changeStock({ tenantId, sku, locationId, region }, place.stock, settlement.stock),
    changeQuota(quotaKey(home, { tenantId, sku, locationId }), settlement.quota),
    checkProduct(place),
  ];
}

function replay(receipt: MovementReceipt, idempotency: Idempotency): Result<Recorded> {
  if (!isSameRequest(receipt, idempotency)) return reject(KEY_REUSED);
  return succeed({ movement: receipt.movement, replayed: true });
}

interface Booking extends MovementRequest {
  readonly caller: Caller;
  readonly keyHash: string;
}

type Booked = { readonly done: Result<Recorded> } | { readonly again: true };

/** Commits a planned movement, and does at once what it asks of other regions. */
async function book(
  home: Dependencies,
  { caller, command, idempotency, keyHash }: Booking,
  { place, planned }: { readonly place: Place; readonly planned: PlannedMovement },
): Promise<Booked> {
  const { delta, missing: _, ...settlement } = planned;
  const movement = draft(home, caller, { command, delta, place });
  const { tenantId } = caller;
  const { fingerprint } = idempotency;
  const receipt = { tenantId, keyHash, region: home.region, fingerprint, movement };
  const writes = recordWrites(home, place, { settlement, receipt });
  const commit = await home.store.commit(writes);
  if (commit.outcome === 'contended') return { done: reject(CONTENDED) };
  if (commit.outcome === 'committed') {
    await completeWrites(home, writes);
    return { done: succeed({ movement, replayed: false }) };
  }
  const stored = commit.images.get(0);
  return stored === undefined ? { again: true } : { done: replay(stored as MovementReceipt, idempotency) };
}

/** One attempt: reads the place, plans, fetches units from other regions where they are missing, and books. */
async function attemptBooking(home: Dependencies, booking: Booking): Promise<Booked> {
  const { caller, command } = booking;
  const { tenantId } = caller;
  const place = await readPlace(home, tenantId, command);
  if (!place.ok) return { done: place };
  const planned = planMovement(command, place.value.position);
  if (!planned.ok) return { done: planned };
  const { missing } = planned.value;
  if (missing > 0) {
    const { sku, locationId } = command;
    const pulled = await pullHome(home, { tenantId, sku, locationId, quantity: missing });
    if (pulled > 0) return { again: true };
    const refusal = refusalOfMissing(command, place.value.position);
    if (refusal !== undefined) return { done: reject(refusal) };
  }
  return book(home, booking, { place: place.value, planned: planned.value });
}

/** What the key has booked before, in whatever region: a retry is answered as the first request was. */
async function earlier(home: Dependencies, { caller, keyHash, idempotency }: Booking) {
  const receipts = await home.store.receipts(caller.tenantId, keyHash);
  const own = receipts.find(({ region }) => region === home.region) ?? receipts[0];
  return own === undefined ? undefined : replay(own, idempotency);
}

async function bookUntilDone(home: Dependencies, booking: Booking): Promise<Result<Recorded>> {
  const { caller, command } = booking;
  if (command.type === 'count') {
    const isAtRest = await bookAllShipments(home, { tenantId: caller.tenantId, ...command });
    if (!isAtRest) return reject(CONTENDED);
  }
  for (let attempt = 0; attempt < PLANS_MAX; attempt += 1) {
    const booked = await attemptBooking(home, booking);
    if ('done' in booked) return booked.done;
    await backOff(home, attempt);
  }
  return reject(CONTENDED);
}

/** A receipt elsewhere means another location and so another body; one here is met by the commit itself. */
const mustLookFirst = ({ regions }: Dependencies): boolean => regions.length > 1;

/**
 * Books a change of on-hand in the ledger, and settles it with the units kept back, the shortage and the
 * quota of the location, in one transaction in the location's home region.
 *
 * Rejections: `idempotency_key_reused`, `unknown_sku`, `unknown_location`, `insufficient_stock` (not for a
 * count, which is a fact), `validation_failed`, `contended`.
 *
 * @throws StoreUnavailableError when the home region, or for a count any region, is out of reach.
 */
export async function recordMovement(
  deps: Dependencies,
  caller: Caller,
  { command, idempotency }: MovementRequest,
): Promise<Result<Recorded>> {
  const { tenantId } = caller;
  const keyHash = hashKey(deps, tenantId, { path: 'movements', key: idempotency.key });
  const booking: Booking = { caller, command, idempotency, keyHash };
  const location = await findLocation(deps, tenantId, command.locationId);
  if (!location.ok) return (await earlier(deps, booking)) ?? location;
  const home = actingIn(deps, location.value.region);
  const before = mustLookFirst(deps) ? await earlier(home, booking) : undefined;
  if (before !== undefined) return before;
  const booked = await bookUntilDone(home, booking);
  // Before a refusal: a retry of what was booked is answered as it was.
  return booked.ok ? booked : ((await earlier(home, booking)) ?? booked);
}
