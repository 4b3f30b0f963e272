/**
 * Every record the service stores, by name: its key and its fields. The DynamoDB adapter maps each to an
 * item (`docs/data-model.md`), the simulated store keeps them as they are.
 */
import type { ApiKey, Tenant } from './access.ts';
import type { AuditWalk } from './audit-walk.ts';
import type { Location, Product } from './catalogue.ts';
import type { Delivery } from './delivery.ts';
import type { Demand } from './demand.ts';
import type { Acceptance, Grant } from './grant.ts';
import type { Movement, MovementReceipt } from './movement.ts';
import type { Order, OrderKey } from './order.ts';
import type { Quota } from './quota.ts';
import type { RegionState, Retirement } from './region.ts';
import type { Reservation } from './reservation.ts';
import type { Shipment } from './shipment.ts';
import type { Stock } from './stock.ts';
import type { Unsent } from './unsent.ts';
import type { Webhook } from './webhook.ts';

export interface EntityRecords {
  readonly tenant: Tenant;
  readonly apiKey: ApiKey;
  readonly product: Product;
  readonly location: Location;
  readonly stock: Stock;
  readonly quota: Quota;
  readonly grant: Grant;
  readonly acceptance: Acceptance;
  readonly demand: Demand;
  readonly reservation: Reservation;
  readonly shipment: Shipment;
  readonly movement: Movement;
  /** Remembers which movement an idempotency key made. */
  readonly movementReceipt: MovementReceipt;
  readonly order: Order;
  readonly unsent: Unsent;
  readonly webhook: Webhook;
  readonly delivery: Delivery;
  /** A secret of one region, for what it signs. */
  readonly secret: Secret;
  readonly regionState: RegionState;
  readonly retirement: Retirement;
  readonly auditWalk: AuditWalk;
}

export interface Secret {
  readonly region: string;
  readonly name: string;
  /** 32 random bytes, base64. */
  readonly value: string;
}

export interface EntityKeys {
  readonly tenant: Pick<Tenant, 'tenantId'>;
  readonly apiKey: Pick<ApiKey, 'tenantId' | 'keyId'>;
  readonly product: Pick<Product, 'tenantId' | 'sku'>;
  readonly location: Pick<Location, 'tenantId' | 'locationId'>;
  readonly stock: Pick<Stock, 'tenantId' | 'sku' | 'locationId'>;
  readonly quota: Pick<Quota, 'tenantId' | 'sku' | 'locationId' | 'region' | 'shard'>;
  readonly grant: Pick<Grant, 'tenantId' | 'sku' | 'grantId'>;
  readonly acceptance: Pick<Acceptance, 'tenantId' | 'grantId'>;
  readonly demand: Pick<Demand, 'tenantId' | 'sku' | 'locationId' | 'region'>;
  readonly reservation: Pick<Reservation, 'tenantId' | 'keyHash' | 'region'>;
  readonly shipment: Pick<Shipment, 'tenantId' | 'shipmentId'>;
  readonly movement: Pick<Movement, 'tenantId' | 'sku' | 'occurredAtMs' | 'movementId'>;
  readonly movementReceipt: Pick<MovementReceipt, 'tenantId' | 'keyHash' | 'region'>;
  readonly order: OrderKey;
  readonly unsent: Pick<Unsent, 'region' | 'channel' | 'id'>;
  readonly webhook: Pick<Webhook, 'tenantId' | 'webhookId'>;
  readonly delivery: Pick<Delivery, 'tenantId' | 'webhookId' | 'createdAtMs' | 'deliveryId'>;
  readonly secret: Pick<Secret, 'region' | 'name'>;
  readonly regionState: Pick<RegionState, 'region'>;
  readonly retirement: Pick<Retirement, 'region' | 'by'>;
  readonly auditWalk: Pick<AuditWalk, 'region'>;
}

export type EntityName = keyof EntityRecords;
