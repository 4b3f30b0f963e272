import { createStore } from '../../adapters/dynamodb/store.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { sha256Digest } from '../../adapters/system/digest.ts';
import { systemRandomness } from '../../adapters/system/randomness.ts';
import { createClaimDirectory } from '../../application/claim-directory.ts';
import { confirmReservation } from '../../application/confirm-reservation.ts';
import { NO_READ_MODEL } from '../../application/no-read-model.ts';
import type { Caller, Dependencies } from '../../application/ports.ts';
import { reserveStock } from '../../application/reserve-stock.ts';
import { shipReservation } from '../../application/ship-reservation.ts';
import { createStockDirectory } from '../../application/stock-directory.ts';
import type { Location } from '../../domain/catalogue.ts';
import { applyEffect, type GuardedWrite } from '../../domain/guarded-write.ts';
import { formatReservationId } from '../../domain/identifiers.ts';
import { FIRST_SHARD, type Quota } from '../../domain/quota.ts';
import { changeQuota } from '../../domain/quota-change.ts';
import type { Result } from '../../domain/rejection.ts';
import { receive } from '../../domain/settlement.ts';
import { sourceByPriority } from '../../domain/sourcing.ts';
import type { Stock } from '../../domain/stock.ts';
import { changeStock } from '../../domain/stock-change.ts';
import { LOCAL_CREDENTIALS } from '../../local/credentials.ts';
import type { WireRequest } from '../../local/raw-rate.ts';
import type { Sale } from '../plan-orders.ts';
import type { RequestRecorder } from './request-recorder.ts';

/** What one cart writes. */
export interface CartTransactions {
  /** Puts its stock there; not part of the measurement. */
  readonly setup: readonly WireRequest[];
  /** The hold, the confirmation, and the shipment: a long cart is booked in transactions of its own. */
  readonly hold: readonly WireRequest[];
  readonly confirm: readonly WireRequest[];
  readonly ship: readonly WireRequest[];
}

export interface RecordingOptions {
  readonly recorder: RequestRecorder;
  readonly region: string;
  readonly tableName: string;
}

const TTL_SECONDS = 3_600;
/** A request that was sent twice because the first was slow would be recorded twice. */
const RECORDING_TIMEOUT_MS = 60_000;
/** A SHA-256, as the service's own fingerprints. */
const FINGERPRINT_DIGITS = 64;
/** As many digits as the name of the tenant that the service is measured with, so that keys are as long. */
const LANE_DIGITS = 4;
const LANE_RADIX = 36;
/** As long as the id of an API key, which the service writes as the actor. */
const ACTOR = 'key.0123456789abcdef';

/**
 * A tenant for each cart. Carts then share no item, so they can be sent again in any order and side by side
 * without meeting: the yardstick never waits and never retries, which is in its favour.
 */
const laneOf = (index: number): string => index.toString(LANE_RADIX).padStart(LANE_DIGITS, '0');

function dependenciesOf({ recorder, region, tableName }: RecordingOptions, location: Location): Dependencies {
  const endpoint = recorder.url;
  const timeoutMs = RECORDING_TIMEOUT_MS;
  const store = createStore({ region, tableName, endpoint, timeoutMs, credentials: LOCAL_CREDENTIALS });
  return {
    store,
    replicas: { in: () => store },
    tenants: { homeOf: () => Promise.resolve(region), find: () => Promise.resolve(undefined) },
    regionStates: { all: () => Promise.resolve([]) },
    locations: {
      of: () => Promise.resolve([location]),
      refresh: () => Promise.resolve([location]),
      find: () => Promise.resolve(location),
    },
    claims: createClaimDirectory(store, systemClock),
    readModel: NO_READ_MODEL,
    stock: createStockDirectory(NO_READ_MODEL, systemClock),
    clock: systemClock,
    random: systemRandomness,
    digest: sha256Digest,
    region,
    regions: [region],
  };
}

/** The stock of a cart's products, as a receipt leaves it. */
function stockWrites(tenantId: string, { lines }: Sale, { locationId, region }: Location): GuardedWrite[] {
  const empty = { onHand: 0, keptBack: 0, shortage: 0, available: 0, safetyStock: 0 };
  return lines.flatMap(({ sku, quantity }): GuardedWrite[] => {
    const received = receive(empty, quantity);
    const quotaKey = { tenantId, sku, locationId, region, shard: FIRST_SHARD };
    const quota = applyEffect(changeQuota(quotaKey, received.quota), undefined) as Quota;
    const stockKey = { tenantId, sku, locationId };
    const stock = applyEffect(
      changeStock({ ...stockKey, region }, undefined, received.stock),
      undefined,
    ) as Stock;
    return [
      { entity: 'quota', key: quotaKey, conditions: [], effect: { does: 'put', record: quota } },
      { entity: 'stock', key: stockKey, conditions: [], effect: { does: 'put', record: stock } },
    ];
  });
}

async function must<Value>(step: Promise<Result<Value>>): Promise<Value> {
  const result = await step;
  if (!result.ok) throw new Error(`Recording failed: ${result.rejection.code}. ${result.rejection.detail}`);
  return result.value;
}

async function recordCart(
  deps: Dependencies,
  recorder: RequestRecorder,
  lane: { readonly tenantId: string; readonly cart: Sale; readonly location: Location },
): Promise<CartTransactions> {
  const { id, lines } = lane.cart;
  const caller: Caller = { tenantId: lane.tenantId, actor: ACTOR };
  const idempotency = { key: id, fingerprint: deps.digest.hex(FINGERPRINT_DIGITS, id) };
  await deps.store.commit(stockWrites(lane.tenantId, lane.cart, lane.location));
  const setup = recorder.take();
  const command = { lines, ttlSeconds: TTL_SECONDS, allowPartial: false, reference: id, metadata: {} };
  const sourcing = sourceByPriority;
  const { reservation } = await must(reserveStock({ ...deps, sourcing }, caller, { command, idempotency }));
  const hold = recorder.take();
  const reservationId = formatReservationId(reservation);
  await must(confirmReservation(deps, caller, { command: { orderId: id }, idempotency, reservationId }));
  const confirm = recorder.take();
  await must(shipReservation(deps, caller, { idempotency, reservationId }));
  return { setup, hold, confirm, ship: recorder.take() };
}

/**
 * Runs the use cases on the real adapter, without HTTP and without functions, and records what they write:
 * the same requests, to the byte, that the deployed functions send.
 */
export async function recordTransactions(
  carts: readonly Sale[],
  options: RecordingOptions,
  onRecorded: () => void,
): Promise<CartTransactions[]> {
  const { recorder, region } = options;
  const recorded: CartTransactions[] = [];
  const place = { locationId: 'warehouse-1', region, name: 'Bench', type: 'warehouse', priority: 1 };
  const location: Location = { ...place, tenantId: '', version: 1, createdAtMs: 0, updatedAtMs: 0 };
  const deps = dependenciesOf(options, location);
  for (const [index, cart] of carts.entries()) {
    recorded.push(await recordCart(deps, recorder, { tenantId: laneOf(index), cart, location }));
    onRecorded();
  }
  return recorded;
}
