import { queueConfirmation } from '../domain/queued-confirmation.ts';
import type { Result } from '../domain/rejection.ts';
import { type Changed, changeReservation, writeGivenBack } from './change-reservation.ts';
import type { ConfirmRequest } from './confirm-reservation.ts';
import type { Caller, Dependencies } from './ports.ts';

/**
 * Queues the confirmation of a hold in the region that owns it. The order queue judges it; whether the lines it names
 * are there is asked then.
 *
 * Rejections: `not_found`, `idempotency_key_reused`, `reservation_expired`, `reservation_not_held`, `history_limit`,
 * `contended`.
 *
 * @throws StoreUnavailableError when the region of the reservation is out of reach.
 */
export function confirmLater(
  deps: Dependencies,
  caller: Caller,
  request: ConfirmRequest,
): Promise<Result<Changed>> {
  const change = { decide: queueConfirmation(request.command), write: writeGivenBack, action: 'confirm' };
  return changeReservation(deps, caller, { ...request, ...change });
}
