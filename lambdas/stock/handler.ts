import { readAvailability, readStock } from '../../lib/application/read-stock.ts';
import { batchGetStockContract, getStockContract } from '../../lib/contracts/stock.ts';
import { answerAvailability, answerStock, stockHeaders } from '../http/answers/stock.ts';
import { httpHandler } from '../http/http-handler.ts';
import { operation } from '../http/operation.ts';
import { rejectionProblem } from '../http/rejection-problem.ts';
import { dependencies, http } from './dependencies.ts';

/** Says what is in stock. */
export const handler = httpHandler(http, [
  operation(getStockContract).runs(async ({ principal, params, query }) => {
    const stock = await readStock(dependencies, principal.tenantId, { ...params, ...query });
    if (!stock.ok) return rejectionProblem(stock.rejection);
    const body = answerStock(stock.value, query.consistency);
    return { status: 200, body, ...stockHeaders(body) } as const;
  }),
  operation(batchGetStockContract).runs(async ({ principal, body }) => {
    const items = await readAvailability(dependencies, principal.tenantId, body.skus);
    return { status: 200, body: { items: items.map(answerAvailability) } } as const;
  }),
]);
