import type { GuardedWrite } from '../domain/guarded-write.ts';
import { parseReservationId, type ReservationIdParts } from '../domain/identifiers.ts';
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { HistoryEntry, Reservation } from '../domain/reservation.ts';
import { type ConfirmCommand, confirm } from '../domain/reservation-changes.ts';
import { guardOf, TRANSITIONS } from '../domain/transitions.ts';
import { actingIn } from './acting-in.ts';
import {
  type Changed,
  type ChangeRequest,
  changeFound,
  changeReservation,
  writeGivenBack,
} from './change-reservation.ts';
import { CONTENDED, hashKey } from './idempotency.ts';
import type { Caller, Dependencies } from './ports.ts';

export type ConfirmRequest = Omit<ChangeRequest, 'action'> & { readonly command: ConfirmCommand };

/** The confirmation of all of a hold, as one conditional update that needs no read before it. */
function confirmWhole(
  at: { readonly tenantId: string } & ReservationIdParts,
  entry: HistoryEntry & { readonly did: 'confirm' },
): GuardedWrite {
  const { tenantId, keyHash, nonce, region } = at;
  const [confirmed = 'confirmed'] = TRANSITIONS.confirm.to;
  return {
    entity: 'reservation',
    key: { tenantId, keyHash, region },
    conditions: [
      { is: 'equal', field: 'nonce', value: nonce },
      // What was queued knows of keys and of an order that waits: it is read before it is confirmed.
      { is: 'missing', field: 'queuedAtMs' },
      ...guardOf('confirm', entry.atMs),
    ],
    effect: {
      does: 'update',
      changes: [
        { change: 'set', field: 'status', value: confirmed },
        { change: 'add', field: 'version', by: 1 },
        { change: 'append', field: 'history', value: entry },
        ...(entry.orderId === undefined
          ? []
          : [{ change: 'set', field: 'orderId', value: entry.orderId } as const]),
      ],
    },
  };
}

/**
 * Confirms a hold, or the part of it that the command names; what it leaves out is given back. A hold that is
 * past its expiry can never be confirmed.
 *
 * Rejections: `not_found`, `idempotency_key_reused`, `reservation_expired`, `reservation_not_held`,
 * `quantity_exceeds_reservation`, `history_limit`, `contended`.
 *
 * @throws StoreUnavailableError when the region of the reservation is out of reach.
 */
export async function confirmReservation(
  deps: Dependencies,
  caller: Caller,
  request: ConfirmRequest,
): Promise<Result<Changed>> {
  const { command, idempotency, reservationId } = request;
  const change = { decide: confirm(command), write: writeGivenBack };
  const parts = parseReservationId(reservationId);
  if (command.lines !== undefined || parts === undefined || !deps.regions.includes(parts.region)) {
    return changeReservation(deps, caller, { ...request, ...change, action: 'confirm' });
  }
  const owner = actingIn(deps, parts.region);
  const { tenantId } = caller;
  const path = `${reservationId}/confirm`;
  const keyHash = hashKey(deps, tenantId, { path, key: idempotency.key });
  const { orderId, metadata } = command;
  const { fingerprint, requestId } = idempotency;
  const commit = await owner.store.commit([
    confirmWhole(
      { tenantId, ...parts },
      {
        did: 'confirm',
        atMs: deps.clock.now(),
        keyHash,
        fingerprint,
        ...(requestId === undefined ? {} : { requestId }),
        ...(orderId === undefined ? {} : { orderId }),
        ...(metadata === undefined ? {} : { metadata }),
      },
    ),
  ]);
  if (commit.outcome === 'contended') return reject(CONTENDED);
  if (commit.outcome === 'committed') {
    const reservation = commit.after as Reservation;
    return succeed({ reservation, version: reservation.version, replayed: false });
  }
  const image = commit.images.get(0) as Reservation | undefined;
  if (image?.nonce !== parts.nonce) {
    return reject({ code: 'not_found', detail: 'There is no such reservation.' });
  }
  return changeFound(owner, image, { ...change, idempotency: { ...idempotency, keyHash } });
}
