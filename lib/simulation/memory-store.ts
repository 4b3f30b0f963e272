import type {
  Claims,
  Commit,
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
import type { EntityKeys, EntityName, EntityRecords } from '../domain/entities.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import type { Movement } from '../domain/movement.ts';
import type { Quota } from '../domain/quota.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Stock } from '../domain/stock.ts';
import { commitTo } from './memory-commit.ts';
import {
  listKeys,
  listMovements,
  listProducts,
  listReservations,
  reservationsOfOrder,
  sorted,
} from './memory-lists.ts';
import { MemoryRecords } from './memory-records.ts';
import { claimsOn, claimsSeen, dueWork } from './memory-work.ts';

/**
 * The store on Maps. Each method does its work in one go, without a pause within, so it is atomic; whoever
 * wants delays or faults wraps the methods. Everything it returns is frozen.
 */
export class MemoryStore implements Store {
  readonly #region: string;
  readonly #records = new MemoryRecords();

  constructor(region: string) {
    this.#region = region;
  }

  async commit(writes: readonly GuardedWrite[]): Promise<Commit> {
    return commitTo(this.#records, writes);
  }

  async get<Name extends EntityName>(
    entity: Name,
    key: EntityKeys[Name],
  ): Promise<EntityRecords[Name] | undefined> {
    return this.#records.read(entity, key);
  }

  async getMany(refs: readonly RecordRef[]): Promise<readonly (object | undefined)[]> {
    return refs.map(({ entity, key }) =>
      this.#records.read<EntityName>(entity, key as EntityKeys[EntityName]),
    );
  }

  async readSku(tenantId: string, sku: string): Promise<SkuRecords> {
    const isOfSku = (record: Stock | Quota) => record.tenantId === tenantId && record.sku === sku;
    return {
      product: this.#records.read('product', { tenantId, sku }),
      stocks: sorted(this.#records.select('stock', isOfSku), {
        positionOf: ({ locationId }) => locationId,
        newestFirst: false,
      }),
      quotas: sorted(this.#records.select('quota', isOfSku), {
        positionOf: ({ locationId, region, shard }) => [locationId, region, shard].join('#'),
        newestFirst: false,
      }),
    };
  }

  async locations(tenantId: string): Promise<readonly Location[]> {
    const found = this.#records.select('location', (location) => location.tenantId === tenantId);
    return sorted(found, { positionOf: ({ locationId }) => locationId, newestFirst: false });
  }

  async claimsOn(tenantId: string, sku: string): Promise<Claims> {
    return claimsOn(this.#records, tenantId, sku);
  }

  async claimsSeen(tenantId: string, sku: string, oldest?: number): Promise<SeenClaims> {
    return claimsSeen(this.#records, { tenantId, sku }, oldest);
  }

  async ledgerSums(tenantId: string, sku: string): Promise<ReadonlyMap<string, number>> {
    const sums = new Map<string, number>();
    const isOfSku = (movement: Movement) => movement.tenantId === tenantId && movement.sku === sku;
    for (const { locationId, delta } of this.#records.select('movement', isOfSku)) {
      sums.set(locationId, (sums.get(locationId) ?? 0) + delta);
    }
    return sums;
  }

  async dueWork(nowMs: number): Promise<DueWork> {
    return dueWork(this.#records, this.#region, nowMs);
  }

  async listProducts(tenantId: string, prefix: string, page: PageRequest): Promise<Page<Product>> {
    return listProducts(this.#records, { tenantId, prefix }, page);
  }

  async listKeys(tenantId: string, page: PageRequest): Promise<Page<ApiKey>> {
    return listKeys(this.#records, tenantId, page);
  }

  async listMovements(query: MovementQuery, page: PageRequest): Promise<Page<Movement>> {
    return listMovements(this.#records, query, page);
  }

  async listReservations(query: ReservationQuery, page: PageRequest): Promise<Page<Reservation>> {
    return listReservations(this.#records, query, page);
  }

  async reservationsOfOrder(tenantId: string, orderId: string): Promise<readonly Reservation[]> {
    return reservationsOfOrder(this.#records, tenantId, orderId);
  }

  async ping(): Promise<void> {}
}
