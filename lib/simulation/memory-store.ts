import { locationsPartition } from '../adapters/dynamodb/partitions.ts';
import type {
  Claims,
  Commit,
  Consistency,
  DeliveryQuery,
  DueWork,
  MovementQuery,
  Page,
  PageRequest,
  RecordRef,
  ReservationQuery,
  SeenClaims,
  SkuRecords,
  Store,
} from '../application/ports.ts';
import type { ApiKey } from '../domain/access.ts';
import type { Location, Product } from '../domain/catalogue.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { EntityKeys, EntityName, EntityRecords } from '../domain/entities.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import type { Movement, MovementReceipt } from '../domain/movement.ts';
import type { Order } from '../domain/order.ts';
import type { Quota } from '../domain/quota.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Stock } from '../domain/stock.ts';
import type { SeenClaim } from '../domain/unit-claims.ts';
import type { Webhook } from '../domain/webhook.ts';
import { commitTo } from './memory-commit.ts';
import * as lists from './memory-lists.ts';
import {
  readOrders,
  readReceipts,
  readSiblings,
  readSku,
  readWebhooks,
  sumLedger,
} from './memory-partitions.ts';
import {
  type ChangeListener,
  MemoryTable,
  type MemoryTiming,
  type ReplicatedRecord,
} from './memory-table.ts';
import { claimsOn, claimsSeen, claimsSeenAlone, claimsSeenAmong, dueWork } from './memory-work.ts';

export interface MemoryStoreOptions extends MemoryTiming {
  /** Draws how old the answer of an eventual read is. @default it is as new as a strong one's */
  readonly readAgeMs?: () => number;
}

/**
 * The store on Maps. Each method does its work in one go, without a pause within, so it is atomic; whoever
 * wants delays or faults wraps the methods. Everything it returns is frozen.
 */
export class MemoryStore implements Store {
  readonly region: string;
  readonly #table: MemoryTable;
  readonly #readAgeMs: () => number;

  constructor(region: string, { readAgeMs = () => 0, ...timing }: MemoryStoreOptions = {}) {
    this.region = region;
    this.#table = new MemoryTable(region, timing);
    this.#readAgeMs = readAgeMs;
  }

  /** Hears of every change from now on: of the changes of one commit at once, after all of them are made. */
  onChange(listener: ChangeListener): void {
    this.#table.onChange(listener);
  }

  /** Stores a record as another region wrote it, whatever is here. Who wins is for replication to decide. */
  applyReplicated(record: ReplicatedRecord): void {
    this.#table.applyReplicated(record);
  }

  /** All records of a kind, in no order: for those who look at a store from outside. */
  all<Name extends EntityName>(entity: Name): EntityRecords[Name][] {
    return this.#table.records.select(entity, () => true);
  }

  async commit(writes: readonly GuardedWrite[]): Promise<Commit> {
    return commitTo(this.#table, writes);
  }

  async get<Name extends EntityName>(
    entity: Name,
    key: EntityKeys[Name],
    consistency: Consistency = 'strong',
  ): Promise<EntityRecords[Name] | undefined> {
    return this.#table.records.read(entity, key, this.#age(consistency));
  }

  async getMany(
    refs: readonly RecordRef[],
    consistency: Consistency,
  ): Promise<readonly (object | undefined)[]> {
    const ageMs = this.#age(consistency);
    return refs.map(({ entity, key }) =>
      this.#table.records.read<EntityName>(entity, key as EntityKeys[EntityName], ageMs),
    );
  }

  async readSku(tenantId: string, sku: string, consistency: Consistency): Promise<SkuRecords> {
    return readSku(this.#table, { tenantId, sku }, this.#age(consistency));
  }

  async siblings(tenantId: string, keyHash: string): Promise<readonly Reservation[]> {
    return readSiblings(this.#table, { tenantId, keyHash }, this.#age('eventual'));
  }

  async receipts(tenantId: string, keyHash: string): Promise<readonly MovementReceipt[]> {
    return readReceipts(this.#table, { tenantId, keyHash });
  }

  async ownQuotas(page: PageRequest): Promise<Page<Quota>> {
    return lists.listOwnQuotas(this.#table, page);
  }

  async ownStocks(page: PageRequest): Promise<Page<Stock>> {
    return lists.listOwnStocks(this.#table, page);
  }

  async walkProducts(page: PageRequest): Promise<Page<Product>> {
    return lists.listAllProducts(this.#table, page);
  }

  async locations(tenantId: string): Promise<readonly Location[]> {
    return this.#table.records.inPartition(locationsPartition(tenantId), 'location');
  }

  async claimsOn(tenantId: string, sku: string): Promise<Claims> {
    return claimsOn(this.#table, { tenantId, sku });
  }

  async claimsSeen(tenantId: string, sku: string, oldest?: number): Promise<SeenClaims> {
    return claimsSeen(this.#table, { tenantId, sku }, oldest);
  }

  async claimsSeenAlone(tenantId: string, sku: string): Promise<readonly SeenClaim[]> {
    return claimsSeenAlone(this.#table, { tenantId, sku });
  }

  async claimsSeenAmong(tenantId: string): Promise<readonly SeenClaim[]> {
    return claimsSeenAmong(this.#table, tenantId);
  }

  async ledgerSums(tenantId: string, sku: string): Promise<ReadonlyMap<string, number>> {
    return sumLedger(this.#table, { tenantId, sku });
  }

  async dueWork(nowMs: number): Promise<DueWork> {
    return dueWork(this.#table, this.region, nowMs);
  }

  async listProducts(tenantId: string, prefix: string, page: PageRequest): Promise<Page<Product>> {
    return lists.listProducts(this.#table, { tenantId, prefix }, page);
  }

  async listKeys(tenantId: string, page: PageRequest): Promise<Page<ApiKey>> {
    return lists.listKeys(this.#table, tenantId, page);
  }

  async webhooks(tenantId: string): Promise<readonly Webhook[]> {
    return readWebhooks(this.#table, tenantId);
  }

  async listDeliveries(query: DeliveryQuery, page: PageRequest): Promise<Page<Delivery>> {
    return lists.listDeliveries(this.#table, query, page);
  }

  async listMovements(query: MovementQuery, page: PageRequest): Promise<Page<Movement>> {
    return lists.listMovements(this.#table, query, page);
  }

  async listReservations(query: ReservationQuery, page: PageRequest): Promise<Page<Reservation>> {
    return lists.listReservations(this.#table, query, page);
  }

  async reservationsOfOrder(tenantId: string, orderId: string): Promise<readonly Reservation[]> {
    return lists.reservationsOfOrder(this.#table, tenantId, orderId);
  }

  async ping(): Promise<void> {}

  async ordersUnder(tenantId: string, orderId: string): Promise<readonly Order[]> {
    return readOrders(this.#table, tenantId, orderId);
  }

  #age(consistency: Consistency): number {
    return consistency === 'eventual' ? this.#readAgeMs() : 0;
  }
}
