/** Records as a store keeps them, with every field that is not of interest filled in. */
import type { ApiKey, Tenant } from '../../lib/domain/access.ts';
import type { Location, Product } from '../../lib/domain/catalogue.ts';
import type { Delivery } from '../../lib/domain/delivery.ts';
import type { Demand } from '../../lib/domain/demand.ts';
import type { Secret } from '../../lib/domain/entities.ts';
import type { Acceptance, Grant } from '../../lib/domain/grant.ts';
import type { Movement, MovementReceipt } from '../../lib/domain/movement.ts';
import type { Order } from '../../lib/domain/order.ts';
import type { Quota } from '../../lib/domain/quota.ts';
import type { HistoryEntry, Reservation } from '../../lib/domain/reservation.ts';
import type { Shipment } from '../../lib/domain/shipment.ts';
import type { Stock } from '../../lib/domain/stock.ts';
import type { Webhook } from '../../lib/domain/webhook.ts';

export const REGION = 'us-east-1';

let tenants = 0;

/** A tenant that no other test of the file uses: tests share a table and must not meet. */
export function freshTenant(): string {
  tenants += 1;
  return `tenant-${tenants}`;
}

export const tenantRecord = (given: Partial<Tenant> = {}): Tenant => ({
  tenantId: 'tenant',
  name: 'Tenant',
  tier: 'standard',
  homeRegion: REGION,
  createdAtMs: 1,
  ...given,
});

export const apiKeyRecord = (given: Partial<ApiKey> = {}): ApiKey => ({
  tenantId: 'tenant',
  keyId: 'key',
  scopes: ['read', 'write'],
  secretHash: 'hash',
  createdAtMs: 1,
  ...given,
});

export const productRecord = (given: Partial<Product> = {}): Product => ({
  tenantId: 'tenant',
  sku: 'sku',
  name: 'Product',
  unit: 'each',
  attributes: {},
  safetyStock: 0,
  status: 'active',
  version: 1,
  createdAtMs: 1,
  updatedAtMs: 1,
  ...given,
});

export const locationRecord = (given: Partial<Location> = {}): Location => ({
  tenantId: 'tenant',
  locationId: 'location',
  name: 'Location',
  region: REGION,
  type: 'warehouse',
  priority: 1,
  version: 1,
  createdAtMs: 1,
  updatedAtMs: 1,
  ...given,
});

export const stockRecord = (given: Partial<Stock> = {}): Stock => ({
  tenantId: 'tenant',
  sku: 'sku',
  locationId: 'location',
  region: REGION,
  onHand: 0,
  keptBack: 0,
  shortage: 0,
  version: 1,
  ...given,
});

export const quotaRecord = (given: Partial<Quota> = {}): Quota => ({
  tenantId: 'tenant',
  sku: 'sku',
  locationId: 'location',
  region: REGION,
  shard: 0,
  available: 0,
  promised: 0,
  version: 1,
  ...given,
});

/** Lines of a reservation that name these skus, with one unit each. */
export const linesOf = (...skus: string[]): Reservation['lines'] =>
  skus.map((sku) => ({
    sku,
    quantity: 1,
    allocations: [{ locationId: 'location', region: REGION, shard: 0, quantity: 1 }],
  }));

export const reservationRecord = (given: Partial<Reservation> = {}): Reservation => ({
  tenantId: 'tenant',
  keyHash: 'hash',
  nonce: 'nonce',
  fingerprint: 'fingerprint',
  region: REGION,
  createdAtMs: 1_000,
  firstExpiresAtMs: 2_000,
  actor: 'key',
  metadata: {},
  lines: linesOf('sku'),
  status: 'held',
  expiresAtMs: 2_000,
  version: 1,
  history: [],
  ...given,
});

export const confirmation = (given: Partial<HistoryEntry & { did: 'confirm' }> = {}): HistoryEntry => ({
  did: 'confirm',
  atMs: 1_500,
  keyHash: 'confirming',
  fingerprint: 'confirmation',
  ...given,
});

export const orderRecord = (given: Partial<Order> = {}): Order => ({
  tenantId: 'tenant',
  orderId: 'order',
  region: REGION,
  keyHash: 'hash',
  reservationId: 'reservation',
  status: 'accepted',
  decidedAtMs: 1_500,
  recordedAtMs: 1_600,
  version: 1,
  ...given,
});

export const shipmentRecord = (given: Partial<Shipment> = {}): Shipment => ({
  tenantId: 'tenant',
  shipmentId: 'shp.hash.nonce.3.0',
  reservationId: 'reservation',
  region: REGION,
  locationId: 'location',
  homeRegion: REGION,
  lines: [{ sku: 'sku', quantity: 1 }],
  shippedAtMs: 1_700,
  actor: 'key',
  ...given,
});

export const movementRecord = (given: Partial<Movement> = {}): Movement => ({
  tenantId: 'tenant',
  sku: 'sku',
  occurredAtMs: 1_000,
  movementId: 'movement',
  locationId: 'location',
  type: 'receipt',
  quantity: 1,
  delta: 1,
  onHandAfter: 1,
  actor: 'key',
  ...given,
});

export const receiptRecord = (given: Partial<MovementReceipt> = {}): MovementReceipt => ({
  tenantId: 'tenant',
  keyHash: 'hash',
  region: REGION,
  fingerprint: 'fingerprint',
  movement: movementRecord(),
  ...given,
});

export const grantRecord = (given: Partial<Grant> = {}): Grant => ({
  tenantId: 'tenant',
  sku: 'sku',
  locationId: 'location',
  grantId: 'grant',
  from: REGION,
  to: 'eu-west-1',
  home: REGION,
  quantity: 5,
  reason: 'hold',
  grantedAtMs: 1_000,
  checkDueAtMs: 61_000,
  ...given,
});

export const acceptanceRecord = (given: Partial<Acceptance> = {}): Acceptance => ({
  tenantId: 'tenant',
  sku: 'sku',
  locationId: 'location',
  grantId: 'grant',
  from: 'eu-west-1',
  to: REGION,
  quantity: 5,
  acceptedAtMs: 1_000,
  checkDueAtMs: 2_000,
  ...given,
});

export const demandRecord = (given: Partial<Demand> = {}): Demand => ({
  tenantId: 'tenant',
  sku: 'sku',
  locationId: 'location',
  region: REGION,
  unitsPerHour: 1.5,
  taken: 3,
  sampledAtMs: 1_000,
  moved: 0,
  windowStartMs: 1_000,
  version: 1,
  ...given,
});

export const webhookRecord = (given: Partial<Webhook> = {}): Webhook => ({
  tenantId: 'tenant',
  webhookId: 'webhook',
  url: 'https://receiver.example/',
  detailTypes: [],
  secret: 'secret-of-webhook',
  version: 1,
  createdAtMs: 1,
  updatedAtMs: 1,
  ...given,
});

export const deliveryRecord = (given: Partial<Delivery> = {}): Delivery => ({
  tenantId: 'tenant',
  webhookId: 'webhook',
  deliveryId: 'delivery',
  region: REGION,
  detailType: 'stock.out',
  eventId: 'event',
  body: '{}',
  status: 'pending',
  attempts: [],
  tries: 0,
  createdAtMs: 1_000,
  startedAtMs: 1_000,
  nextAttemptAtMs: 1_000,
  dueAtMs: 2_000,
  version: 1,
  ...given,
});

export const secretRecord = (given: Partial<Secret> = {}): Secret => ({
  region: REGION,
  name: 'cursor',
  value: 'c2VjcmV0',
  ...given,
});

/** `stockRecord()` as DynamoDB writes it. */
export const STOCK_ITEM = {
  pk: { S: 'T#tenant#SKU#sku' },
  sk: { S: 'STOCK#location' },
  tenantId: { S: 'tenant' },
  sku: { S: 'sku' },
  locationId: { S: 'location' },
  region: { S: 'us-east-1' },
  onHand: { N: '0' },
  keptBack: { N: '0' },
  shortage: { N: '0' },
  version: { N: '1' },
};
