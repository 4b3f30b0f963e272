import type { Changed } from '../../lib/application/change-reservation.ts';
import { readReservation } from '../../lib/application/read-reservation.ts';
import {
  cancelReservation,
  extendReservation,
  releaseReservation,
} from '../../lib/application/release-reservation.ts';
import { shipReservation } from '../../lib/application/ship-reservation.ts';
import {
  cancelReservationContract,
  extendReservationContract,
  getReservationContract,
  releaseReservationContract,
  shipReservationContract,
} from '../../lib/contracts/reservations.ts';
import type { Result } from '../../lib/domain/rejection.ts';
import { answerReservation } from '../http/answers/reservation.ts';
import { callerOf, idempotencyOf, replayHeader } from '../http/callers.ts';
import { given } from '../http/given.ts';
import { httpHandler } from '../http/http-handler.ts';
import { operation } from '../http/operation.ts';
import type { TenantPrincipal } from '../http/principal.ts';
import { rejectionProblem } from '../http/rejection-problem.ts';
import { dependencies, http } from './dependencies.ts';

/** A request to change a reservation, as the use cases take it. */
const changeRequest = (request: {
  readonly params: { readonly reservationId: string };
  readonly idempotencyKey: string;
  readonly body: unknown;
  readonly requestId: string;
}) => ({ reservationId: request.params.reservationId, idempotency: idempotencyOf(request) });

function answerChanged(changed: Result<Changed>) {
  if (!changed.ok) return rejectionProblem(changed.rejection);
  const { reservation, version } = changed.value;
  const body = answerReservation(reservation, { version });
  return { status: 200, body, ...replayHeader(changed.value) } as const;
}

const readNow = async (principal: TenantPrincipal, reservationId: string) => {
  const found = await readReservation(dependencies, principal.tenantId, reservationId);
  if (!found.ok) return rejectionProblem(found.rejection);
  const { reservation, ...asOf } = found.value;
  const body = answerReservation(reservation, { nowMs: dependencies.clock.now(), ...asOf });
  return { status: 200, body } as const;
};

/** Reads a reservation, and does all that becomes of a reservation besides its confirmation. */
export const handler = httpHandler(http, [
  operation(getReservationContract).runs(({ principal, params }) => readNow(principal, params.reservationId)),
  operation(releaseReservationContract).runs(async (request) => {
    const release = { ...changeRequest(request), ...given(request.body) };
    return answerChanged(await releaseReservation(dependencies, callerOf(request), release));
  }),
  operation(extendReservationContract).runs(async (request) => {
    const extend = { ...changeRequest(request), ...given(request.body) };
    return answerChanged(await extendReservation(dependencies, callerOf(request), extend));
  }),
  operation(cancelReservationContract).runs(async (request) =>
    answerChanged(await cancelReservation(dependencies, callerOf(request), changeRequest(request))),
  ),
  operation(shipReservationContract).runs(async (request) => {
    const ship = { ...changeRequest(request), ...given(request.body) };
    return answerChanged(await shipReservation(dependencies, callerOf(request), ship));
  }),
]);
