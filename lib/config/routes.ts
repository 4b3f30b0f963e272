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
  | 'catalogue'
  | 'access'
  | 'system';

/**
 * Who may call a route. `public`: no key. `read`, `write`, `admin`: a tenant's key with that scope.
 * `operator`: an operator's key. `adminOrOperator`: either of the last two.
 */
export type RouteAccess = 'public' | 'read' | 'write' | 'admin' | 'operator' | 'adminOrOperator';

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

const route = (
  operationId: string,
  methodAndPath: `${HttpMethod} /v1/${string}`,
  target: HttpFunctionName,
  access: RouteAccess,
  idempotent = false,
): Route => {
  const [method, path] = methodAndPath.split(' ') as [HttpMethod, string];
  return { operationId, method, path, function: target, access, idempotent };
};

export const ROUTES: readonly Route[] = [
  route('putProduct', 'PUT /v1/products/{sku}', 'catalogue', 'write'),
  route('getProduct', 'GET /v1/products/{sku}', 'catalogue', 'read'),
  route('archiveProduct', 'DELETE /v1/products/{sku}', 'catalogue', 'admin'),
  route('listProducts', 'GET /v1/products', 'catalogue', 'read'),
  route('putLocation', 'PUT /v1/locations/{locationId}', 'catalogue', 'admin'),
  route('getLocation', 'GET /v1/locations/{locationId}', 'catalogue', 'read'),
  route('listLocations', 'GET /v1/locations', 'catalogue', 'read'),

  route('getStock', 'GET /v1/stock/{sku}', 'stock', 'read'),
  route('batchGetStock', 'POST /v1/stock/batch-get', 'stock', 'read'),

  route('recordMovement', 'POST /v1/movements', 'movements', 'write', true),
  route('listMovements', 'GET /v1/movements', 'movements', 'read'),
  route('auditStock', 'GET /v1/audit', 'movements', 'read'),

  route('reserveStock', 'POST /v1/reservations', 'reserve', 'write', true),
  route('confirmReservation', 'POST /v1/reservations/{reservationId}/confirm', 'confirm', 'write', true),
  route('getReservation', 'GET /v1/reservations/{reservationId}', 'reservations', 'read'),
  route('listReservations', 'GET /v1/reservations', 'reservations', 'read'),
  route('releaseReservation', 'POST /v1/reservations/{reservationId}/release', 'reservations', 'write', true),
  route('extendReservation', 'POST /v1/reservations/{reservationId}/extend', 'reservations', 'write', true),
  route('cancelReservation', 'POST /v1/reservations/{reservationId}/cancel', 'reservations', 'write', true),
  route('shipReservation', 'POST /v1/reservations/{reservationId}/ship', 'reservations', 'write', true),
  route('getOrder', 'GET /v1/orders/{orderId}', 'reservations', 'read'),

  route('createTenant', 'POST /v1/tenants', 'access', 'operator'),
  route('createTenantKey', 'POST /v1/tenants/{tenantId}/keys', 'access', 'operator'),
  route('createKey', 'POST /v1/keys', 'access', 'admin'),
  route('listKeys', 'GET /v1/keys', 'access', 'admin'),
  route('revokeKey', 'DELETE /v1/keys/{keyId}', 'access', 'adminOrOperator'),

  route('getHealth', 'GET /v1/health', 'system', 'public'),
  route('getOpenApi', 'GET /v1/openapi.json', 'system', 'public'),
  route('getDocs', 'GET /v1/docs', 'system', 'public'),
];

/** The function that answers whatever no route matches: 404 for an unknown path, 405 for a wrong verb. */
export const FALLBACK_FUNCTION: HttpFunctionName = 'system';
