/** What the use cases need of a database. Adapters implement it; the simulator implements it too. */
import type { ApiKey } from '../domain/access.ts';
import type { Location, Product } from '../domain/catalogue.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Demand } from '../domain/demand.ts';
import type { EntityKeys, EntityName, EntityRecords } from '../domain/entities.ts';
import type { Acceptance, Grant } from '../domain/grant.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import type { Movement, MovementReceipt } from '../domain/movement.ts';
import type { Order } from '../domain/order.ts';
import type { Quota } from '../domain/quota.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Shipment } from '../domain/shipment.ts';
import type { Stock } from '../domain/stock.ts';
import type { SeenClaim } from '../domain/unit-claims.ts';
import type { Unsent } from '../domain/unsent.ts';
import type { Webhook } from '../domain/webhook.ts';
import type { DeliveryQuery, MovementQuery, Page, PageRequest, ReservationQuery } from './list-queries.ts';

/**
 * What became of a commit.
 *
 * `refused`: nothing was written; `images` has an entry for each write whose conditions failed, by its index,
 * with the record as it was at that moment (`undefined`: not there). Never read again after a refusal: the
 * images are the truth the database decided on.
 * `contended`: nothing was written, because others were changing the same records for as long as we retried.
 */
export type Commit =
  | { readonly outcome: 'committed'; readonly after: object | undefined }
  | { readonly outcome: 'refused'; readonly images: ReadonlyMap<number, object | undefined> }
  | { readonly outcome: 'contended' };

/** Strong reads see every write that was acknowledged before; eventual ones cost half and may be a second old. */
export type Consistency = 'eventual' | 'strong';

/**
 * Everything kept about one sku: its product, and stock, quotas, open grants and demand at each location. A
 * replica shows what it owns as it is, and the rest as it has heard of it.
 */
export interface SkuRecords {
  readonly product: Product | undefined;
  readonly stocks: readonly Stock[];
  readonly quotas: readonly Quota[];
  readonly grants: readonly Grant[];
  readonly demands: readonly Demand[];
}

export type RecordRef = {
  [Name in EntityName]: { readonly entity: Name; readonly key: EntityKeys[Name] };
}[EntityName];

/** What has a claim on units of a sku. */
export interface Claims {
  readonly reservations: readonly Reservation[];
  readonly unbookedShipments: readonly Shipment[];
}

/** Claims as the index shows them. */
export interface SeenClaims {
  readonly claims: readonly SeenClaim[];
  /** Whether these are all there are. */
  readonly isComplete: boolean;
}

/** Work that is due, the oldest first. */
export interface DueWork {
  readonly reservations: readonly Reservation[];
  readonly shipments: readonly Shipment[];
  readonly products: readonly Product[];
  /** Grants of this region that nobody was seen to accept. */
  readonly grants: readonly Grant[];
  /** Acceptances whose grants must be looked for. */
  readonly acceptances: readonly Acceptance[];
  /** What could not be handed over. */
  readonly unsent: readonly Unsent[];
  /** Deliveries of webhooks to be sent again, or to be forgotten. */
  readonly deliveries: readonly Delivery[];
}

/**
 * The database of one region: its replica of the table. Conditions see this replica only.
 *
 * Every method throws a `StoreUnavailableError` when the database cannot be reached or keeps failing; whether
 * a commit that ended so took effect is then unknown, and a retry under the same keys finds out.
 */
export interface Store {
  /** All writes or none; at most 100, and no record twice. `after` is the changed record of a single update. */
  commit(writes: readonly GuardedWrite[]): Promise<Commit>;

  get<Name extends EntityName>(
    entity: Name,
    key: EntityKeys[Name],
    consistency?: Consistency,
  ): Promise<EntityRecords[Name] | undefined>;

  /** Reads records by key; the answer has an entry for each reference, in order. */
  getMany(refs: readonly RecordRef[], consistency: Consistency): Promise<readonly (object | undefined)[]>;

  readSku(tenantId: string, sku: string, consistency: Consistency): Promise<SkuRecords>;

  /** Reservations under one idempotency key, as far as this replica knows: one for each region that made one. */
  siblings(tenantId: string, keyHash: string): Promise<readonly Reservation[]>;
  /** What one idempotency key has booked, as far as this replica knows: one for each region that did. */
  receipts(tenantId: string, keyHash: string): Promise<readonly MovementReceipt[]>;
  /** Quotas of this region that are not empty, of all tenants: a walk over the whole table, for a drain only. */
  ownQuotas(page: PageRequest): Promise<Page<Quota>>;
  /** Stocks that are at home in this region, of all tenants: likewise, when another region is retired, and for the audit. */
  ownStocks(page: PageRequest): Promise<Page<Stock>>;
  /** All locations of a tenant, read strongly. */
  locations(tenantId: string): Promise<readonly Location[]>;

  /** Open reservations and unbooked shipments that name the sku, read strongly once the index names them. */
  claimsOn(tenantId: string, sku: string): Promise<Claims>;

  /**
   * The claims of open reservations that name the sku, from the index alone: cheap, and a moment old. With
   * `oldest`, those of about so many of the oldest reservations.
   */
  claimsSeen(tenantId: string, sku: string, oldest?: number): Promise<SeenClaims>;

  /** The sum of the deltas of a sku's ledger, by location, read strongly. */
  ledgerSums(tenantId: string, sku: string): Promise<ReadonlyMap<string, number>>;

  /** Work of this region due at or before a time; at most a batch of it. */
  dueWork(nowMs: number): Promise<DueWork>;

  listProducts(tenantId: string, prefix: string, page: PageRequest): Promise<Page<Product>>;
  listKeys(tenantId: string, page: PageRequest): Promise<Page<ApiKey>>;
  /** The webhooks of a tenant by id, read strongly. */
  webhooks(tenantId: string): Promise<readonly Webhook[]>;
  /** Deliveries of a webhook, newest first; a page may be short although there is another. */
  listDeliveries(query: DeliveryQuery, page: PageRequest): Promise<Page<Delivery>>;
  /** Newest first, of a sku or of a location; `fromMs` and `toMs` are inclusive. */
  listMovements(query: MovementQuery, page: PageRequest): Promise<Page<Movement>>;
  /** Newest first. */
  listReservations(query: ReservationQuery, page: PageRequest): Promise<Page<Reservation>>;
  /**
   * Reservations that were confirmed under an order id that a caller gave, or that wait for it, in the order of their
   * confirmation or its queueing.
   */
  reservationsOfOrder(tenantId: string, orderId: string): Promise<readonly Reservation[]>;
  /** What the order queue recorded under an order id, as far as this replica knows; in no order. */
  ordersUnder(tenantId: string, orderId: string): Promise<readonly Order[]>;

  /** Resolves when the database answers. */
  ping(): Promise<void>;
}

/**
 * The database cannot be reached or keeps failing. `effect`: whether what was asked may have happened all the
 * same; `none` only when nothing was sent.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  readonly effect: 'none' | 'unknown';

  constructor(
    message: string,
    options: { readonly cause?: unknown; readonly effect?: 'none' | 'unknown' } = {},
  ) {
    super(message, options);
    this.effect = options.effect ?? 'unknown';
  }
}
