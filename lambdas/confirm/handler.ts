import { confirmLater } from '../../lib/application/confirm-later.ts';
import { confirmReservation } from '../../lib/application/confirm-reservation.ts';
import { confirmReservationContract } from '../../lib/contracts/confirm-reservation.ts';
import { RESPOND_ASYNC } from '../../lib/contracts/operation-contract.ts';
import { answerConfirmation } from '../http/answers/reservation.ts';
import { callerOf, idempotencyOf, replayHeader } from '../http/callers.ts';
import { given } from '../http/given.ts';
import { httpHandler } from '../http/http-handler.ts';
import { operation } from '../http/operation.ts';
import { rejectionProblem } from '../http/rejection-problem.ts';
import { dependencies, http } from './dependencies.ts';

/** Confirms holds: the shopper has paid and waits. */
export const handler = httpHandler(http, [
  operation(confirmReservationContract).runs(async (request) => {
    const prefersAsync = request.prefer.includes(RESPOND_ASYNC);
    const confirm = prefersAsync ? confirmLater : confirmReservation;
    const confirmed = await confirm(dependencies, callerOf(request), {
      reservationId: request.params.reservationId,
      command: given(request.body),
      idempotency: idempotencyOf(request),
    });
    if (!confirmed.ok) return rejectionProblem(confirmed.rejection);
    const answer = answerConfirmation(confirmed.value, prefersAsync);
    return { ...answer, headers: { ...answer.headers, ...replayHeader(confirmed.value).headers } };
  }),
]);
