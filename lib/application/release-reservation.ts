import type { UnitRequest } from '../domain/allocated-units.ts';
import type { Result } from '../domain/rejection.ts';
import { cancel, extend, release } from '../domain/reservation-changes.ts';
import { type Changed, type ChangeRequest, changeReservation, writeGivenBack } from './change-reservation.ts';
import type { Caller, Dependencies } from './ports.ts';

type ActionRequest = Omit<ChangeRequest, 'action'>;

/**
 * Gives a hold back, or the part of it that `lines` name.
 *
 * Rejections: `not_found`, `idempotency_key_reused`, `reservation_expired`, `reservation_not_held`,
 * `quantity_exceeds_reservation`, `history_limit`, `contended`.
 *
 * @throws StoreUnavailableError when the region of the reservation is out of reach.
 */
export function releaseReservation(
  deps: Dependencies,
  caller: Caller,
  request: ActionRequest & { readonly lines?: readonly UnitRequest[] },
): Promise<Result<Changed>> {
  const change = { decide: release(request.lines), write: writeGivenBack, action: 'release' };
  return changeReservation(deps, caller, { ...request, ...change });
}

/**
 * Lets a hold live for some seconds from now.
 *
 * Rejections: as for a release without lines, and `extension_limit`.
 */
export function extendReservation(
  deps: Dependencies,
  caller: Caller,
  request: ActionRequest & { readonly ttlSeconds: number },
): Promise<Result<Changed>> {
  const change = { decide: extend(request.ttlSeconds), write: writeGivenBack, action: 'extend' };
  return changeReservation(deps, caller, { ...request, ...change });
}

/**
 * Cancels what a confirmed reservation has not shipped; its units are available again.
 *
 * Rejections: `not_found`, `idempotency_key_reused`, `invalid_transition`, `history_limit`, `contended`.
 *
 * @throws StoreUnavailableError when the region of the reservation is out of reach.
 */
export function cancelReservation(
  deps: Dependencies,
  caller: Caller,
  request: ActionRequest,
): Promise<Result<Changed>> {
  const change = { decide: cancel, write: writeGivenBack, action: 'cancel' };
  return changeReservation(deps, caller, { ...request, ...change });
}
