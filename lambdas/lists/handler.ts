import { listMovements, listReservations } from '../../lib/application/read-lists.ts';
import { readOrder } from '../../lib/application/read-order.ts';
import { listMovementsContract } from '../../lib/contracts/movements.ts';
import { getOrderContract, listReservationsContract } from '../../lib/contracts/reservations.ts';
import { answerMovement } from '../http/answers/movement.ts';
import { answerOrder, answerReservation } from '../http/answers/reservation.ts';
import { given } from '../http/given.ts';
import { httpHandler } from '../http/http-handler.ts';
import { operation } from '../http/operation.ts';
import { answerPage } from '../http/pages.ts';
import { rejectionProblem } from '../http/rejection-problem.ts';
import { cursors, http, nowMs, scopeOf } from './dependencies.ts';

/** Lists reservations and movements, and shows orders, with credentials of the tenant that asks. */
export const handler = httpHandler(http, [
  operation(listReservationsContract).runs(({ principal, query }) => {
    const { limit: _, cursor: __, ...filter } = given(query);
    const { tenantId } = principal;
    const shownAtMs = nowMs();
    return answerPage(query, {
      cursors,
      scope: { tenantId, list: 'listReservations', filter },
      read: (page) => listReservations(scopeOf(tenantId), { tenantId, ...filter }, page),
      show: (reservation) => answerReservation(reservation, { nowMs: shownAtMs }),
    });
  }),
  operation(getOrderContract).runs(async ({ principal, params }) => {
    const order = await readOrder(scopeOf(principal.tenantId), principal.tenantId, params.orderId);
    if (!order.ok) return rejectionProblem(order.rejection);
    return { status: 200, body: answerOrder(order.value) } as const;
  }),
  operation(listMovementsContract).runs(({ principal, query }) => {
    const { limit: _, cursor: __, ...filter } = given(query);
    const { from, to, ...asked } = filter;
    const { tenantId } = principal;
    const range = {
      ...(from === undefined ? {} : { fromMs: from }),
      ...(to === undefined ? {} : { toMs: to }),
    };
    return answerPage(query, {
      cursors,
      scope: { tenantId, list: 'listMovements', filter },
      read: (page) => listMovements(scopeOf(tenantId), { tenantId, ...asked, ...range }, page),
      show: answerMovement,
    });
  }),
]);
