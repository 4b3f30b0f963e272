/**
 * The one table of HTTP routes. The API construct builds its resources from it, the embedded stack serves
 * what the synthesised template says of it, the middleware takes the scope from it, the fallback function
 * knows 404 from 405 by it, and the OpenAPI document lists it.
 *
 * It holds plain data and imports nothing, so that constructs and handlers may both use it.
 */

/** Functions that answer HTTP requests; each is one folder under `lambdas/`. */
export type HttpFunctionName =
  | 'reserve'
  | 'confirm'
  | 'stock'
  | 'reservations'
  | 'movements'
  | 'lists'
  | 'catalogue'
  | 'webhooks'
  | 'access'
  | 'regions'
  | 'system';

/**
 * Who may call a route. `public`: no key. `read`, `write`, `admin`: a tenant's key with that scope.
 * `operator`: an operator's key. `readOrOperator`, `adminOrOperator`: either of the two.
 */
export type RouteAccess =
  | 'public'
  | 'read'
  | 'write'
  | 'admin'
  | 'operator'
  | 'readOrOperator'
  | 'adminOrOperator';

export type HttpMethod = 'GET' | 'PUT' | 'POST' | 'DELETE';

export interface Route {
  /** Unique name, used in the OpenAPI document, in metrics and in the meter. */
  readonly operationId: string;
  readonly method: HttpMethod;
  readonly path: string;
  readonly function: HttpFunctionName;
  readonly access: RouteAccess;
  /** `true` when `Idempotency-Key` is required. */
  readonly idempotent: boolean;
}

/** `idempotent`: the route needs an `Idempotency-Key`. */
type RouteRow = readonly [
  operationId: string,
  methodAndPath: `${HttpMethod} /v1/${string}`,
  access: RouteAccess,
  idempotent?: 'idempotent',
];

const routesOf = (target: HttpFunctionName, rows: readonly RouteRow[]): Route[] =>
  rows.map(([operationId, methodAndPath, access, idempotent]) => {
    const [method, path] = methodAndPath.split(' ') as [HttpMethod, string];
    return { operationId, method, path, function: target, access, idempotent: idempotent !== undefined };
  });

export const ROUTES: readonly Route[] = [
  ...routesOf('catalogue', [
    ['putProduct', 'PUT /v1/products/{sku}', 'write'],
    ['getProduct', 'GET /v1/products/{sku}', 'read'],
    ['archiveProduct', 'DELETE /v1/products/{sku}', 'admin'],
    ['listProducts', 'GET /v1/products', 'read'],
    ['putLocation', 'PUT /v1/locations/{locationId}', 'admin'],
    ['getLocation', 'GET /v1/locations/{locationId}', 'read'],
    ['listLocations', 'GET /v1/locations', 'read'],
  ]),
  ...routesOf('stock', [
    ['getStock', 'GET /v1/stock/{sku}', 'read'],
    ['batchGetStock', 'POST /v1/stock/batch-get', 'read'],
  ]),
  ...routesOf('movements', [
    ['recordMovement', 'POST /v1/movements', 'write', 'idempotent'],
    ['auditStock', 'GET /v1/audit', 'read'],
  ]),
  ...routesOf('reserve', [['reserveStock', 'POST /v1/reservations', 'write', 'idempotent']]),
  ...routesOf('confirm', [
    ['confirmReservation', 'POST /v1/reservations/{reservationId}/confirm', 'write', 'idempotent'],
  ]),
  ...routesOf('reservations', [
    ['getReservation', 'GET /v1/reservations/{reservationId}', 'read'],
    ['releaseReservation', 'POST /v1/reservations/{reservationId}/release', 'write', 'idempotent'],
    ['extendReservation', 'POST /v1/reservations/{reservationId}/extend', 'write', 'idempotent'],
    ['cancelReservation', 'POST /v1/reservations/{reservationId}/cancel', 'write', 'idempotent'],
    ['shipReservation', 'POST /v1/reservations/{reservationId}/ship', 'write', 'idempotent'],
  ]),
  ...routesOf('lists', [
    ['listReservations', 'GET /v1/reservations', 'read'],
    ['getOrder', 'GET /v1/orders/{orderId}', 'read'],
    ['listMovements', 'GET /v1/movements', 'read'],
  ]),
  ...routesOf('webhooks', [
    ['putWebhook', 'PUT /v1/webhooks/{webhookId}', 'write'],
    ['getWebhook', 'GET /v1/webhooks/{webhookId}', 'read'],
    ['deleteWebhook', 'DELETE /v1/webhooks/{webhookId}', 'write'],
    ['listWebhooks', 'GET /v1/webhooks', 'read'],
    ['listDeliveries', 'GET /v1/webhooks/{webhookId}/deliveries', 'read'],
    ['replayDelivery', 'POST /v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay', 'write'],
    ['pingWebhook', 'POST /v1/webhooks/{webhookId}/ping', 'write'],
  ]),
  ...routesOf('access', [
    ['createTenant', 'POST /v1/tenants', 'operator'],
    ['createTenantKey', 'POST /v1/tenants/{tenantId}/keys', 'operator'],
    ['createKey', 'POST /v1/keys', 'admin'],
    ['listKeys', 'GET /v1/keys', 'admin'],
    ['revokeKey', 'DELETE /v1/keys/{keyId}', 'adminOrOperator'],
  ]),
  ...routesOf('regions', [
    ['listRegions', 'GET /v1/regions', 'readOrOperator'],
    ['drainRegion', 'POST /v1/regions/{region}/drain', 'operator'],
    ['retireRegion', 'POST /v1/regions/{region}/retire', 'operator'],
    ['activateRegion', 'POST /v1/regions/{region}/activate', 'operator'],
    ['getQuotas', 'GET /v1/stock/{sku}/quotas', 'read'],
    ['rebalanceStock', 'POST /v1/stock/{sku}/rebalance', 'admin'],
  ]),
  ...routesOf('system', [
    ['getHealth', 'GET /v1/health', 'public'],
    ['getOpenApi', 'GET /v1/openapi.json', 'public'],
    ['getDocs', 'GET /v1/docs', 'public'],
  ]),
];

/** The function that answers whatever no route matches: 404 for an unknown path, 405 for a wrong verb. */
export const FALLBACK_FUNCTION: HttpFunctionName = 'system';
