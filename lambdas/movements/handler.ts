import { auditStock } from '../../lib/application/audit-stock.ts';
import { recordMovement } from '../../lib/application/record-movement.ts';
import { auditStockContract } from '../../lib/contracts/audit.ts';
import { recordMovementContract } from '../../lib/contracts/movements.ts';
import { answerAudit } from '../http/answers/audit.ts';
import { answerMovement } from '../http/answers/movement.ts';
import { callerOf, idempotencyOf, replayHeader } from '../http/callers.ts';
import { given } from '../http/given.ts';
import { httpHandler } from '../http/http-handler.ts';
import { operation } from '../http/operation.ts';
import { rejectionProblem } from '../http/rejection-problem.ts';
import { dependencies, http } from './dependencies.ts';

/** Books movements of the ledger, and checks that it adds up. */
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
  operation(auditStockContract).runs(async ({ principal, query }) => {
    const audit = await auditStock(dependencies, principal.tenantId, query.sku);
    if (!audit.ok) return rejectionProblem(audit.rejection);
    return { status: 200, body: answerAudit(audit.value) } as const;
  }),
]);
