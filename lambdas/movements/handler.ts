import { auditStock } from '../../lib/application/audit-stock.ts';
import { listMovements } from '../../lib/application/read-lists.ts';
import { recordMovement } from '../../lib/application/record-movement.ts';
import { auditStockContract } from '../../lib/contracts/audit.ts';
import { listMovementsContract, recordMovementContract } from '../../lib/contracts/movements.ts';
import { answerAudit } from '../http/answers/audit.ts';
import { answerMovement } from '../http/answers/movement.ts';
import { callerOf, idempotencyOf, replayHeader } from '../http/callers.ts';
import { given } from '../http/given.ts';
import { httpHandler } from '../http/http-handler.ts';
import { operation } from '../http/operation.ts';
import { answerPage } from '../http/pages.ts';
import { rejectionProblem } from '../http/rejection-problem.ts';
import { cursors, dependencies, http } from './dependencies.ts';

/** Books and reads the ledger, and checks that it adds up. */
export const handler = httpHandler(http, [
  operation(recordMovementContract).runs(async (request) => {
    const command = given(request.body);
    const idempotency = idempotencyOf(request);
    const recorded = await recordMovement(dependencies, callerOf(request), { command, idempotency });
    if (!recorded.ok) return rejectionProblem(recorded.rejection);
    return {
      status: 201,
      body: answerMovement(recorded.value.movement),
      ...replayHeader(recorded.value),
    } as const;
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
      read: (page) => listMovements(dependencies, { tenantId, ...asked, ...range }, page),
      show: answerMovement,
    });
  }),
  operation(auditStockContract).runs(async ({ principal, query }) => {
    const audit = await auditStock(dependencies, principal.tenantId, query.sku);
    if (!audit.ok) return rejectionProblem(audit.rejection);
    return { status: 200, body: answerAudit(audit.value) } as const;
  }),
]);
