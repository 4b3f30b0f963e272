import { ROUTES, type Route } from '../config/routes.ts';
import {
  createKeyContract,
  createTenantContract,
  createTenantKeyContract,
  listKeysContract,
  revokeKeyContract,
} from './access.ts';
import { auditStockContract } from './audit.ts';
import { confirmReservationContract } from './confirm-reservation.ts';
import { listDeliveriesContract, pingWebhookContract, replayDeliveryContract } from './deliveries.ts';
import { getLocationContract, listLocationsContract, putLocationContract } from './locations.ts';
import { listMovementsContract, recordMovementContract } from './movements.ts';
import type { OperationContract } from './operation-contract.ts';
import { PROBLEM_CODES, type ProblemCode } from './problems.ts';
import {
  archiveProductContract,
  getProductContract,
  listProductsContract,
  putProductContract,
} from './products.ts';
import { getQuotasContract, rebalanceStockContract } from './quotas.ts';
import {
  activateRegionContract,
  drainRegionContract,
  listRegionsContract,
  retireRegionContract,
} from './regions.ts';
import {
  cancelReservationContract,
  extendReservationContract,
  getOrderContract,
  getReservationContract,
  listReservationsContract,
  releaseReservationContract,
  shipReservationContract,
} from './reservations.ts';
import { reserveStockContract } from './reserve-stock.ts';
import { batchGetStockContract, getStockContract } from './stock.ts';
import { getDocsContract, getHealthContract, getOpenApiContract } from './system.ts';
import {
  deleteWebhookContract,
  getWebhookContract,
  listWebhooksContract,
  putWebhookContract,
} from './webhooks.ts';

/** All contracts. Functions import the few they serve; only what describes the whole API imports this. */
export const CONTRACTS: readonly OperationContract[] = [
  putProductContract,
  getProductContract,
  archiveProductContract,
  listProductsContract,
  putLocationContract,
  getLocationContract,
  listLocationsContract,
  getStockContract,
  batchGetStockContract,
  recordMovementContract,
  listMovementsContract,
  auditStockContract,
  reserveStockContract,
  confirmReservationContract,
  getReservationContract,
  listReservationsContract,
  releaseReservationContract,
  extendReservationContract,
  cancelReservationContract,
  shipReservationContract,
  getOrderContract,
  putWebhookContract,
  getWebhookContract,
  deleteWebhookContract,
  listWebhooksContract,
  listDeliveriesContract,
  replayDeliveryContract,
  pingWebhookContract,
  createTenantContract,
  createTenantKeyContract,
  createKeyContract,
  listKeysContract,
  revokeKeyContract,
  listRegionsContract,
  drainRegionContract,
  retireRegionContract,
  activateRegionContract,
  getQuotasContract,
  rebalanceStockContract,
  getHealthContract,
  getOpenApiContract,
  getDocsContract,
];

/** A route and its contract. */
export interface Endpoint {
  readonly route: Route;
  readonly contract: OperationContract;
}

/** Every endpoint of the API, in the order of the routes. */
export const ENDPOINTS: readonly Endpoint[] = ROUTES.map((route) => {
  const contract = CONTRACTS.find(({ operationId }) => operationId === route.operationId);
  if (contract === undefined) throw new Error(`The route ${route.operationId} has no contract.`);
  return { route, contract };
});

/** What any request can meet, by what the operation takes. */
function commonProblems({ route, contract }: Endpoint): ProblemCode[] {
  return [
    ...(route.access === 'public' ? [] : (['unauthenticated', 'forbidden', 'region_unavailable'] as const)),
    ...(contract.body ? (['payload_too_large', 'unsupported_media_type', 'invalid_json'] as const) : []),
    // Every operation refuses query parameters that it does not know.
    'validation_failed',
    ...(contract.unsupportedFields ? (['not_supported'] as const) : []),
    ...(contract.idempotent
      ? (['idempotency_key_required', 'idempotency_key_invalid', 'idempotency_key_reused'] as const)
      : []),
    'rate_limited',
    'internal_error',
  ];
}

/** Every error code that an endpoint can answer with, in order of precedence. */
export function problemsOf(endpoint: Endpoint): ProblemCode[] {
  const codes = new Set<ProblemCode>([...commonProblems(endpoint), ...endpoint.contract.problems]);
  return PROBLEM_CODES.filter((code) => codes.has(code));
}
