import type { Product } from '../domain/catalogue.ts';
import { ABSENT, type GuardedWrite } from '../domain/guarded-write.ts';
import { KEY_HASH_LENGTH } from '../domain/identifiers.ts';
import { ON_HAND_MAX } from '../domain/limits.ts';
import type { BookableMovementType, Movement, MovementReceipt } from '../domain/movement.ts';
import { changeQuota } from '../domain/quota-change.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import { receive, remove, type Settlement } from '../domain/settlement.ts';
import { changeStock } from '../domain/stock-change.ts';
import { backOff } from './back-off.ts';
import { bookShipment } from './book-shipment.ts';
import { CONTENDED, hashKey, isSameRequest, KEY_REUSED } from './idempotency.ts';
import type { Caller, Dependencies, Idempotency } from './ports.ts';
import { type Place, readPlace } from './read-place.ts';
import { quotaKey } from './supply.ts';

/** How often a movement is planned anew after the stock or the quota had changed under it. */
const PLANS_MAX = 20;

export interface MovementCommand {
  readonly type: BookableMovementType;
  readonly sku: string;
  readonly locationId: string;
  /** Units; signed for an adjustment, the counted on-hand for a count. */
  readonly quantity: number;
  readonly reason?: string;
  readonly reference?: string;
}

export interface MovementRequest {
  readonly command: MovementCommand;
  readonly idempotency: Idempotency;
}

export interface Recorded {
  readonly movement: Movement;
  readonly replayed: boolean;
}

/** By how much a command changes on-hand. */
function deltaOf({ type, quantity }: MovementCommand, onHand: number): number {
  switch (type) {
    case 'receipt':
    case 'return':
    case 'adjustment':
      return quantity;
    case 'write_off':
      return -quantity;
    case 'count':
      return quantity - onHand;
  }
}

function plan(command: MovementCommand, place: Place): Result<Settlement & { readonly delta: number }> {
  const delta = deltaOf(command, place.position.onHand);
  if (place.position.onHand + delta > ON_HAND_MAX) {
    const detail = `A location has at most ${ON_HAND_MAX} units of a sku on hand.`;
    return reject({ code: 'validation_failed', detail, path: 'quantity' });
  }
  if (delta >= 0) return succeed({ delta, ...receive(place.position, delta) });
  const { missing, ...settlement } = remove(place.position, -delta);
  if (missing > 0 && command.type !== 'count') {
    const free = place.position.available + place.position.keptBack;
    const detail = `Only ${free} units of ${command.sku} at ${command.locationId} are not promised.`;
    return reject({ code: 'insufficient_stock', detail });
  }
  return succeed({ delta, ...settlement });
}

/** The product as it was read must still be what the settlement was made for. */
function touchProduct({ tenantId, sku, safetyStock }: Product): GuardedWrite {
  return {
    entity: 'product',
    key: { tenantId, sku },
    conditions: [
      { is: 'equal', field: 'status', value: 'active' },
      { is: 'equal', field: 'safetyStock', value: safetyStock },
    ],
    effect: { does: 'update', changes: [{ change: 'add', field: 'movements', by: 1 }] },
  };
}

function draft(
  deps: Dependencies,
  caller: Caller,
  booked: { readonly command: MovementCommand; readonly delta: number; readonly onHand: number },
): Movement {
  const { command, delta, onHand } = booked;
  return {
    tenantId: caller.tenantId,
    ...command,
    occurredAtMs: deps.clock.now(),
    movementId: `mov.${deps.random.hex(KEY_HASH_LENGTH)}`,
    delta,
    onHandAfter: onHand + delta,
    actor: caller.actor,
  };
}

function recordWrites(
  deps: Dependencies,
  place: Place,
  record: { readonly settlement: Settlement; readonly receipt: MovementReceipt },
): GuardedWrite[] {
  const { settlement, receipt } = record;
  const { movement } = receipt;
  const { tenantId, sku, locationId, occurredAtMs, movementId } = movement;
  return [
    {
      entity: 'movementReceipt',
      key: { tenantId, keyHash: receipt.keyHash },
      conditions: [ABSENT],
      effect: { does: 'put', record: receipt },
    },
    {
      entity: 'movement',
      key: { tenantId, sku, occurredAtMs, movementId },
      conditions: [ABSENT],
      effect: { does: 'put', record: movement },
    },
    changeStock({ tenantId, sku, locationId, region: deps.region }, place.stock, settlement.stock),
    changeQuota(quotaKey(deps, { tenantId, sku, locationId }), settlement.quota),
    touchProduct(place.product),
  ];
}

/** How often shipments are booked before a count gives up: each round meets only those that left since. */
const BOOKING_ROUNDS_MAX = 5;

/** Reads the place; for a count, once every shipment that has left it is booked. */
async function readForBooking(
  deps: Dependencies,
  tenantId: string,
  command: MovementCommand,
): Promise<Result<Place>> {
  for (let round = 0; round < BOOKING_ROUNDS_MAX; round += 1) {
    const place = await readPlace(deps, tenantId, command);
    if (!place.ok || command.type !== 'count' || place.value.unbooked === 0) return place;
    const { unbookedShipments } = await deps.store.claimsOn(tenantId, command.sku);
    for (const shipment of unbookedShipments) {
      if (shipment.locationId === command.locationId) await bookShipment(deps, shipment);
    }
  }
  return reject(CONTENDED);
}

function replay(receipt: MovementReceipt, idempotency: Idempotency): Result<Recorded> {
  if (!isSameRequest(receipt, idempotency)) return reject(KEY_REUSED);
  return succeed({ movement: receipt.movement, replayed: true });
}

/** Before a refusal: a retry of what was booked is answered as it was. */
async function refuse(
  deps: Dependencies,
  at: { readonly tenantId: string; readonly keyHash: string; readonly idempotency: Idempotency },
  rejection: Rejection,
): Promise<Result<Recorded>> {
  const { tenantId, keyHash, idempotency } = at;
  const receipt = await deps.store.get('movementReceipt', { tenantId, keyHash }, 'strong');
  return receipt === undefined ? reject(rejection) : replay(receipt, idempotency);
}

/**
 * Books a change of on-hand in the ledger, and settles it with the units kept back, the shortage and the
 * quota of the location, in one transaction.
 *
 * Rejections: `idempotency_key_reused`, `unknown_sku`, `unknown_location`, `insufficient_stock` (not for a
 * count, which is a fact), `validation_failed`, `contended`, `region_unavailable`.
 */
export async function recordMovement(
  deps: Dependencies,
  caller: Caller,
  { command, idempotency }: MovementRequest,
): Promise<Result<Recorded>> {
  const { tenantId } = caller;
  const keyHash = hashKey(deps, tenantId, { path: 'movements', key: idempotency.key });
  const at = { tenantId, keyHash, idempotency };
  for (let attempt = 0; attempt < PLANS_MAX; attempt += 1) {
    const place = await readForBooking(deps, tenantId, command);
    if (!place.ok) return refuse(deps, at, place.rejection);
    const planned = plan(command, place.value);
    if (!planned.ok) return refuse(deps, at, planned.rejection);
    const { delta, ...settlement } = planned.value;
    const movement = draft(deps, caller, { command, delta, onHand: place.value.position.onHand });
    const receipt = { tenantId, keyHash, fingerprint: idempotency.fingerprint, movement };
    const commit = await deps.store.commit(recordWrites(deps, place.value, { settlement, receipt }));
    if (commit.outcome === 'committed') return succeed({ movement, replayed: false });
    if (commit.outcome === 'contended') return reject(CONTENDED);
    const stored = commit.images.get(0);
    if (stored !== undefined) return replay(stored as MovementReceipt, idempotency);
    await backOff(deps, attempt);
  }
  return reject(CONTENDED);
}
