import { reserveWithinCaps } from '../../lib/application/cap-holds.ts';
import { limitsOf } from '../../lib/config/tiers.ts';
import { reserveStockContract } from '../../lib/contracts/reserve-stock.ts';
import { answerReservation } from '../http/answers/reservation.ts';
import { callerOf, idempotencyOf, replayHeader } from '../http/callers.ts';
import { given } from '../http/given.ts';
import { httpHandler } from '../http/http-handler.ts';
import { operation } from '../http/operation.ts';
import { rejectionProblem } from '../http/rejection-problem.ts';
import { dependencies, http } from './dependencies.ts';

/** Places holds: the hottest function, so it carries nothing else. */
export const handler = httpHandler(http, [
  operation(reserveStockContract).runs(async (request) => {
    const command = given(request.body);
    const idempotency = idempotencyOf(request);
    const caps = limitsOf(request.principal.tier);
    const reserved = await reserveWithinCaps(dependencies, callerOf(request), { command, idempotency, caps });
    if (!reserved.ok) return rejectionProblem(reserved.rejection);
    const { reservation } = reserved.value;
    const body = answerReservation(reservation, { version: 1 });
    return { status: 201, body, ...replayHeader(reserved.value) } as const;
  }),
]);
