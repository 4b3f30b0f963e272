import type { SentRequest } from './gateway-events.ts';

const RESERVATION = '/v1/reservations/us-east-1.0123456789abcdef0123456789abcdef.a1b2c3d4e5f6';
const DELIVERY_ID = 'dlv.us-east-1.1795512600000.0123456789abcdef0123456789abcdef';

/** A request that must succeed, and the key it needs. */
export interface SampleRequest extends SentRequest {
  readonly method: string;
  readonly token?: string;
}

const get = (path: string, query?: SentRequest['query']): SampleRequest =>
  query === undefined ? { method: 'GET', path } : { method: 'GET', path, query };
const post = (path: string, body: object): SampleRequest => ({ method: 'POST', path, body });

/** One good request of every operation, with a body that names no more than it must. */
export const SAMPLE_REQUESTS: Readonly<Record<string, SampleRequest>> = {
  putProduct: { method: 'PUT', path: '/v1/products/KEYBOARD-01', body: { name: 'Keyboard' } },
  getProduct: get('/v1/products/KEYBOARD-01'),
  archiveProduct: { method: 'DELETE', path: '/v1/products/KEYBOARD-01' },
  listProducts: get('/v1/products', { prefix: 'KEY', status: 'active', limit: '10' }),
  putLocation: { method: 'PUT', path: '/v1/locations/ber-1', body: { name: 'Berlin', region: 'us-east-1' } },
  getLocation: get('/v1/locations/ber-1'),
  listLocations: get('/v1/locations'),
  getStock: get('/v1/stock/KEYBOARD-01', { consistency: 'strong' }),
  batchGetStock: post('/v1/stock/batch-get', { skus: ['KEYBOARD-01', 'KEYBOARD-01'] }),
  recordMovement: post('/v1/movements', {
    type: 'receipt',
    sku: 'KEYBOARD-01',
    locationId: 'ber-1',
    quantity: 10,
  }),
  listMovements: get('/v1/movements', { sku: 'KEYBOARD-01', from: '2026-11-24T09:30:00+01:00' }),
  auditStock: get('/v1/audit', { sku: 'KEYBOARD-01' }),
  reserveStock: post('/v1/reservations', { lines: [{ sku: 'KEYBOARD-01', quantity: 2 }] }),
  confirmReservation: post(`${RESERVATION}/confirm`, {}),
  getReservation: get(RESERVATION),
  listReservations: get('/v1/reservations', { status: 'held', reference: 'cart 7', sku: 'KEYBOARD-01' }),
  releaseReservation: post(`${RESERVATION}/release`, {}),
  extendReservation: post(`${RESERVATION}/extend`, { ttlSeconds: 60 }),
  cancelReservation: post(`${RESERVATION}/cancel`, {}),
  shipReservation: post(`${RESERVATION}/ship`, {}),
  getOrder: get('/v1/orders/order%201'),
  putWebhook: { method: 'PUT', path: '/v1/webhooks/erp', body: { url: 'https://erp.example.com/holdfast' } },
  getWebhook: get('/v1/webhooks/erp'),
  deleteWebhook: { method: 'DELETE', path: '/v1/webhooks/erp' },
  listWebhooks: get('/v1/webhooks'),
  listDeliveries: get('/v1/webhooks/erp/deliveries', { status: 'parked' }),
  replayDelivery: post(`/v1/webhooks/erp/deliveries/${DELIVERY_ID}/replay`, {}),
  pingWebhook: post('/v1/webhooks/erp/ping', {}),
  createTenant: post('/v1/tenants', { tenantId: 'acme', name: 'Acme', tier: 'free' }),
  createTenantKey: post('/v1/tenants/acme/keys', { scopes: ['read'] }),
  createKey: post('/v1/keys', { scopes: ['read', 'write', 'admin'] }),
  listKeys: get('/v1/keys'),
  revokeKey: { method: 'DELETE', path: '/v1/keys/key-1' },
  listRegions: get('/v1/regions'),
  drainRegion: post('/v1/regions/eu-west-1/drain', {}),
  retireRegion: post('/v1/regions/eu-west-1/retire', {}),
  activateRegion: post('/v1/regions/eu-west-1/activate', {}),
  getQuotas: get('/v1/stock/KEYBOARD-01/quotas'),
  rebalanceStock: post('/v1/stock/KEYBOARD-01/rebalance', { targets: { 'eu-west-1': 0.5, 'us-east-1': 0 } }),
  getHealth: get('/v1/health'),
  getOpenApi: get('/v1/openapi.json'),
  getDocs: get('/v1/docs'),
};
