/** A request for a hold, the reservation it makes, and what stores it. */
import { ABSENT, type GuardedWrite } from '../domain/guarded-write.ts';
import { NONCE_LENGTH } from '../domain/identifiers.ts';
import type { QuotaKey } from '../domain/quota.ts';
import { changeQuota, take } from '../domain/quota-change.ts';
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { RequestedLine, Sourced } from '../domain/sourcing.ts';
import { isSameRequest, KEY_REUSED } from './idempotency.ts';
import type { Caller, Dependencies, Idempotency } from './ports.ts';
import { supplyId } from './supply.ts';

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

/** One request for a hold. */
export interface HoldRequest {
  readonly caller: Caller;
  readonly command: ReserveCommand;
  readonly idempotency: Idempotency;
  readonly keyHash: string;
}

/** The answer to a retry: what was stored under the key, if it was the same request. */
export function replayHold(stored: Reservation, { idempotency }: HoldRequest): Result<Reserved> {
  if (!isSameRequest(stored, idempotency)) return reject(KEY_REUSED);
  return succeed({ reservation: stored, replayed: true });
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

/** The reservation of a hold in the region that is acted in. */
export function draftHold(deps: Dependencies, request: HoldRequest, sourced: Sourced): Reservation {
  const { caller, command, idempotency, keyHash } = request;
  const createdAtMs = deps.clock.now();
  const expiresAtMs = createdAtMs + command.ttlSeconds * 1000;
  return {
    tenantId: caller.tenantId,
    keyHash,
    nonce: deps.random.hex(NONCE_LENGTH),
    fingerprint: idempotency.fingerprint,
    ...(idempotency.requestId !== undefined && { requestId: idempotency.requestId }),
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

/** The writes that take the units and store the reservation, which is first. */
export function holdWrites(reservation: Reservation): GuardedWrite[] {
  const { tenantId, keyHash, region } = reservation;
  return [
    {
      entity: 'reservation',
      key: { tenantId, keyHash, region },
      conditions: [ABSENT],
      effect: { does: 'put', record: reservation },
    },
    ...takesOf(reservation),
  ];
}
