/** Tenants that have one thing of every kind, made through the API. */
import type { Route } from '../../../lib/config/routes.ts';
import type { ApiAnswer, WholeApi } from '../whole-api.ts';
import { contractOf } from './fields.ts';
import { type Ids, ROWS } from './rows.ts';

/** Stands in every text that the tenant wrote: whoever else reads it has found a leak. */
export const canaryOf = (tenantId: string): string => `canary-of-${tenantId}`;

/** Makes what a tenant would, and expects that it works. */
export async function mustSend(
  api: WholeApi,
  key: string,
  [methodAndPath, body, idempotencyKey]: readonly [string, unknown?, string?],
): Promise<ApiAnswer> {
  const [method = '', path = ''] = methodAndPath.split(' ');
  const headers = {
    Authorization: `Bearer ${key}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': idempotencyKey ?? `key-${path}-${performance.now()}`,
  };
  const answer = await api.send({ method, path: `/v1${path}`, headers, ...(body !== undefined && { body }) });
  if (answer.status >= 300) throw new Error(`${methodAndPath}: ${answer.status} ${answer.text}`);
  return answer;
}

/** A key of a tenant, made by the operator. */
export async function keyOf(
  api: WholeApi,
  tenantId: string,
  scopes = ['read', 'write', 'admin'],
): Promise<string> {
  const made = await mustSend(api, api.keys.operator, [`POST /tenants/${tenantId}/keys`, { scopes }]);
  return made.body.secret;
}

async function fill(
  api: WholeApi,
  key: string,
  ids: Omit<Ids, 'reservationId' | 'deliveryId' | 'keyId'>,
  canary: string,
) {
  const { sku, locationId, reference, orderId, webhookId, idempotencyKey } = ids;
  const make = (...step: readonly [string, unknown?, string?]) => mustSend(api, key, step);
  await make(`PUT /locations/${locationId}`, { name: canary, region: 'us-east-1' });
  await make(`PUT /products/${sku}`, { name: canary, attributes: { note: canary } });
  await make('POST /movements', {
    type: 'receipt',
    sku,
    locationId,
    quantity: 50,
    reason: canary,
    reference,
  });
  const lines = [{ sku, locationId, quantity: 1 }];
  const hold = { lines, reference, metadata: { note: canary } };
  const confirmed = await make('POST /reservations', hold);
  await make(`POST /reservations/${confirmed.body.reservationId}/confirm`, { orderId });
  const held = await make('POST /reservations', hold, idempotencyKey);
  await make(`PUT /webhooks/${webhookId}`, { url: 'http://127.0.0.1:9/hook', secret: `whsec_${canary}` });
  const delivery = await make(`POST /webhooks/${webhookId}/ping`, {});
  const made = await make('POST /keys', { scopes: ['read'], name: canary });
  return {
    reservationId: held.body.reservationId,
    confirmedId: confirmed.body.reservationId,
    deliveryId: delivery.body.deliveryId,
    keyId: made.body.keyId,
  };
}

/**
 * Creates a tenant.
 *
 * @param names what it calls its things. @default names that no other tenant uses
 */
export async function createTestTenant(api: WholeApi, tenantId: string, names: Partial<Ids> = {}) {
  await mustSend(api, api.keys.operator, ['POST /tenants', { tenantId, name: tenantId, tier: 'unlimited' }]);
  const key = await keyOf(api, tenantId);
  const own = {
    sku: `sku-${tenantId}`,
    locationId: `loc-${tenantId}`,
    orderId: `order-${tenantId}`,
    reference: `cart-${tenantId}`,
    webhookId: `hook-${tenantId}`,
    idempotencyKey: `idem-${tenantId}`,
    ...names,
  };
  const { confirmedId, ...made } = await fill(api, key, own, canaryOf(tenantId));
  return { tenantId, key, ids: { ...own, ...made }, confirmedId };
}

/** Asks a route by its row. */
export function ask(api: WholeApi, key: string, route: Route, ids: Ids): Promise<ApiAnswer> {
  const row = ROWS[route.operationId];
  if (row === undefined)
    throw new Error(`${route.operationId} has no row in test/support/isolation/rows.ts.`);
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: keyof Ids) =>
    encodeURIComponent(ids[name] ?? ''),
  );
  const takesBody = contractOf(route).body !== undefined;
  return api.send({
    method: route.method,
    path,
    headers: {
      Authorization: `Bearer ${key}`,
      ...(takesBody && { 'Content-Type': 'application/json' }),
      ...(route.idempotent && { 'Idempotency-Key': ids.idempotencyKey }),
    },
    ...row.asks(ids),
  });
}
