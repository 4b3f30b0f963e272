/** One good answer of every operation, as its use case would give it. */
const AT = '2026-11-24T09:30:00.000Z';
const RESERVATION_ID = 'us-east-1.0123456789abcdef0123456789abcdef.a1b2c3d4e5f6';

const product = {
  sku: 'KEYBOARD-01',
  name: 'Keyboard',
  unit: 'each',
  attributes: {},
  safetyStock: 0,
  status: 'active',
  version: 3,
  createdAt: AT,
  updatedAt: AT,
};

const location = {
  locationId: 'ber-1',
  name: 'Berlin',
  region: 'us-east-1',
  type: 'warehouse',
  priority: 100,
  version: 3,
  createdAt: AT,
  updatedAt: AT,
};

const counters = { onHand: 10, available: 8, held: 1, committed: 1, incoming: 0, shortage: 0 };

const stock = {
  sku: 'KEYBOARD-01',
  ...counters,
  backordered: 0,
  safetyStock: 0,
  asOf: AT,
  consistency: 'eventual',
  locations: [{ locationId: 'ber-1', region: 'us-east-1', ...counters }],
  regions: [{ region: 'us-east-1', available: 8 }],
};

const movement = {
  movementId: 'mov-1',
  type: 'receipt',
  sku: 'KEYBOARD-01',
  locationId: 'ber-1',
  quantity: 10,
  delta: 10,
  onHandAfter: 10,
  occurredAt: AT,
  actor: 'key-1',
};

const line = {
  sku: 'KEYBOARD-01',
  quantity: 2,
  allocated: 2,
  backordered: 0,
  allocations: [{ locationId: 'ber-1', region: 'us-east-1', quantity: 2 }],
};

const reservation = {
  reservationId: RESERVATION_ID,
  status: 'held',
  region: 'us-east-1',
  expiresAt: AT,
  reference: null,
  metadata: {},
  lines: [line],
  version: 1,
  createdAt: AT,
};

const audit = {
  sku: 'KEYBOARD-01',
  ok: true,
  stable: true,
  onHand: 10,
  shortage: 0,
  keptBack: 0,
  available: 8,
  promised: 2,
  held: 1,
  committed: 1,
  inTransit: 0,
  unbookedShipments: 0,
  ledgerSum: 10,
  violations: [],
};

const order = {
  orderId: 'order-1',
  reservationId: RESERVATION_ID,
  status: 'accepted',
  lines: [line],
  timeline: [{ at: AT, event: 'confirmed' }],
  duplicates: [],
};

const region = { region: 'eu-west-1', status: 'active', replicationLagMs: 0 };

const quotas = {
  sku: 'KEYBOARD-01',
  items: [
    {
      locationId: 'ber-1',
      homeRegion: 'us-east-1',
      keptBack: 0,
      shortage: 0,
      quotas: [{ region: 'us-east-1', available: 8, promised: 2, shards: 1 }],
      inTransit: 0,
    },
  ],
};

const webhook = {
  webhookId: 'erp',
  url: 'https://erp.example.com/holdfast',
  detailTypes: ['stock.out'],
  version: 3,
  createdAt: AT,
  updatedAt: AT,
};

const delivery = {
  deliveryId: 'dlv.us-east-1.1795512600000.0123456789abcdef0123456789abcdef',
  detailType: 'stock.out',
  eventId: 'event-1',
  status: 'pending',
  attempts: [
    { at: AT, statusCode: 503 },
    { at: AT, error: 'TIMEOUT' },
  ],
  createdAt: AT,
  nextAttemptAt: AT,
};

const key = { keyId: 'key-1', tenantId: 'acme', scopes: ['read'], createdAt: AT };
const newKey = { ...key, secret: 'hf_secret' };
const page = (item: object) => ({ items: [item], nextCursor: null });

export const SAMPLE_ANSWERS: Readonly<Record<string, { readonly status: number; readonly body?: unknown }>> =
  {
    putProduct: { status: 201, body: product },
    getProduct: { status: 200, body: product },
    archiveProduct: { status: 204 },
    listProducts: { status: 200, body: page(product) },
    putLocation: { status: 200, body: location },
    getLocation: { status: 200, body: location },
    listLocations: { status: 200, body: page(location) },
    getStock: { status: 200, body: stock },
    batchGetStock: { status: 200, body: { items: [{ sku: 'NONE', error: 'not_found' }] } },
    recordMovement: { status: 201, body: movement },
    listMovements: { status: 200, body: page(movement) },
    auditStock: { status: 200, body: audit },
    reserveStock: { status: 201, body: reservation },
    confirmReservation: {
      status: 200,
      body: { ...reservation, status: 'confirmed', orderId: 'order-1', confirmedAt: AT, shipments: [] },
    },
    getReservation: { status: 200, body: { ...reservation, asOf: AT } },
    listReservations: { status: 200, body: page(reservation) },
    releaseReservation: { status: 200, body: { ...reservation, status: 'released' } },
    extendReservation: { status: 200, body: reservation },
    cancelReservation: { status: 200, body: { ...reservation, status: 'cancelled' } },
    shipReservation: { status: 200, body: { ...reservation, status: 'shipped' } },
    getOrder: { status: 200, body: order },
    putWebhook: { status: 201, body: { ...webhook, secret: 'whsec_secret' } },
    getWebhook: { status: 200, body: webhook },
    deleteWebhook: { status: 204 },
    listWebhooks: { status: 200, body: page(webhook) },
    listDeliveries: { status: 200, body: page({ ...delivery, status: 'parked', parkedReason: 'gone' }) },
    replayDelivery: { status: 202, body: delivery },
    pingWebhook: { status: 202, body: delivery },
    createTenant: {
      status: 201,
      body: { tenantId: 'acme', name: 'Acme', tier: 'free', homeRegion: 'us-east-1', createdAt: AT },
    },
    createTenantKey: { status: 201, body: newKey },
    createKey: { status: 201, body: newKey },
    listKeys: { status: 200, body: page(key) },
    revokeKey: { status: 204 },
    listRegions: { status: 200, body: { items: [region] } },
    drainRegion: { status: 200, body: { ...region, status: 'draining' } },
    retireRegion: { status: 200, body: { ...region, status: 'retired' } },
    activateRegion: { status: 200, body: region },
    getQuotas: { status: 200, body: quotas },
    rebalanceStock: { status: 202, body: { sku: 'KEYBOARD-01', regions: ['eu-west-1', 'us-east-1'] } },
    getHealth: {
      status: 200,
      body: {
        status: 'ok',
        region: 'us-east-1',
        version: '1.0.0',
        checks: { database: 'ok', traffic: 'ok' },
      },
    },
    getOpenApi: { status: 200, body: { openapi: '3.1.1' } },
    getDocs: { status: 200, body: '<!doctype html>' },
  };
