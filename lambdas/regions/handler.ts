import { listRegions, type RegionInfo, setRegionStatus } from '../../lib/application/manage-regions.ts';
import { readQuotas } from '../../lib/application/read-quotas.ts';
import { rebalanceEverywhere } from '../../lib/application/rebalance-everywhere.ts';
import { retireRegion } from '../../lib/application/retire-region.ts';
import { getQuotasContract, rebalanceStockContract } from '../../lib/contracts/quotas.ts';
import {
  activateRegionContract,
  drainRegionContract,
  listRegionsContract,
  retireRegionContract,
} from '../../lib/contracts/regions.ts';
import type { Result } from '../../lib/domain/rejection.ts';
import { given } from '../http/given.ts';
import { httpHandler } from '../http/http-handler.ts';
import { operation } from '../http/operation.ts';
import { rejectionProblem } from '../http/rejection-problem.ts';
import { dependencies, http } from './dependencies.ts';

const answerChanged = (changed: Result<RegionInfo>) =>
  changed.ok ? ({ status: 200, body: changed.value } as const) : rejectionProblem(changed.rejection);

/** Tells how the regions are and takes them out of service, and shares units among them. */
export const handler = httpHandler(http, [
  operation(listRegionsContract).runs(async () => {
    return { status: 200, body: { items: await listRegions(dependencies) } } as const;
  }),
  operation(drainRegionContract).runs(async ({ params }) =>
    answerChanged(await setRegionStatus(dependencies, params.region, 'draining')),
  ),
  operation(retireRegionContract).runs(async ({ params }) =>
    answerChanged(await retireRegion(dependencies, params.region)),
  ),
  operation(activateRegionContract).runs(async ({ params }) =>
    answerChanged(await setRegionStatus(dependencies, params.region, 'active')),
  ),
  operation(getQuotasContract).runs(async ({ principal, params }) => {
    const quotas = await readQuotas(dependencies, principal.tenantId, params.sku);
    if (!quotas.ok) return rejectionProblem(quotas.rejection);
    return { status: 200, body: quotas.value } as const;
  }),
  operation(rebalanceStockContract).runs(async ({ principal, params, body }) => {
    const command = { ...params, ...given(body) };
    const begun = await rebalanceEverywhere(dependencies, principal.tenantId, command);
    return begun.ok ? ({ status: 202, body: begun.value } as const) : rejectionProblem(begun.rejection);
  }),
]);
