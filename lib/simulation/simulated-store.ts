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
import type { MemoryStore } from './memory-store.ts';
import { callStore } from './store-call.ts';
import type { CallParties } from './store-request.ts';
import { commitText } from './trace-words.ts';

/** The store of a region as one process reaches it: over a network that loses, delays and repeats. */
export class SimulatedStore implements Store {
  readonly #parties: CallParties;
  readonly #memory: MemoryStore;

  constructor(parties: Omit<CallParties, 'region'>, memory: MemoryStore) {
    this.#parties = { ...parties, region: memory.region };
    this.#memory = memory;
  }

  commit(writes: readonly GuardedWrite[]): Promise<Commit> {
    let last: Commit | undefined;
    return callStore<Commit>(this.#parties, {
      name: 'commit',
      act: async () => {
        // Attempts at a transaction share a token: what took effect is not done again.
        const isDone = writes.length > 1 && last?.outcome === 'committed';
        if (!isDone || last === undefined) last = await this.#memory.commit(writes);
        return last;
      },
      busy: { outcome: 'contended' },
      isCommit: true,
      details: () => commitText(writes, last),
    });
  }

  get<Name extends EntityName>(
    entity: Name,
    key: EntityKeys[Name],
    consistency?: Consistency,
  ): Promise<EntityRecords[Name] | undefined> {
    return this.#read('get', (memory) => memory.get(entity, key, consistency));
  }

  getMany(refs: readonly RecordRef[], consistency: Consistency): Promise<readonly (object | undefined)[]> {
    return this.#read('getMany', (memory) => memory.getMany(refs, consistency));
  }

  readSku(tenantId: string, sku: string, consistency: Consistency): Promise<SkuRecords> {
    return this.#read('readSku', (memory) => memory.readSku(tenantId, sku, consistency));
  }

  siblings(tenantId: string, keyHash: string): Promise<readonly Reservation[]> {
    return this.#read('siblings', (memory) => memory.siblings(tenantId, keyHash));
  }

  receipts(tenantId: string, keyHash: string): Promise<readonly MovementReceipt[]> {
    return this.#read('receipts', (memory) => memory.receipts(tenantId, keyHash));
  }

  ownQuotas(page: PageRequest): Promise<Page<Quota>> {
    return this.#read('ownQuotas', (memory) => memory.ownQuotas(page));
  }

  ownStocks(page: PageRequest): Promise<Page<Stock>> {
    return this.#read('ownStocks', (memory) => memory.ownStocks(page));
  }

  walkProducts(page: PageRequest): Promise<Page<Product>> {
    return this.#read('walkProducts', (memory) => memory.walkProducts(page));
  }

  locations(tenantId: string): Promise<readonly Location[]> {
    return this.#read('locations', (memory) => memory.locations(tenantId));
  }

  claimsOn(tenantId: string, sku: string): Promise<Claims> {
    return this.#read('claimsOn', (memory) => memory.claimsOn(tenantId, sku));
  }

  claimsSeen(tenantId: string, sku: string, oldest?: number): Promise<SeenClaims> {
    return this.#read('claimsSeen', (memory) => memory.claimsSeen(tenantId, sku, oldest));
  }

  claimsSeenAlone(tenantId: string, sku: string): Promise<readonly SeenClaim[]> {
    return this.#read('claimsSeenAlone', (memory) => memory.claimsSeenAlone(tenantId, sku));
  }

  claimsSeenAmong(tenantId: string): Promise<readonly SeenClaim[]> {
    return this.#read('claimsSeenAmong', (memory) => memory.claimsSeenAmong(tenantId));
  }

  ledgerSums(tenantId: string, sku: string): Promise<ReadonlyMap<string, number>> {
    return this.#read('ledgerSums', (memory) => memory.ledgerSums(tenantId, sku));
  }

  dueWork(nowMs: number): Promise<DueWork> {
    return this.#read('dueWork', (memory) => memory.dueWork(nowMs));
  }

  listProducts(tenantId: string, prefix: string, page: PageRequest): Promise<Page<Product>> {
    return this.#read('listProducts', (memory) => memory.listProducts(tenantId, prefix, page));
  }

  listKeys(tenantId: string, page: PageRequest): Promise<Page<ApiKey>> {
    return this.#read('listKeys', (memory) => memory.listKeys(tenantId, page));
  }

  webhooks(tenantId: string): Promise<readonly Webhook[]> {
    return this.#read('webhooks', (memory) => memory.webhooks(tenantId));
  }

  listDeliveries(query: DeliveryQuery, page: PageRequest): Promise<Page<Delivery>> {
    return this.#read('listDeliveries', (memory) => memory.listDeliveries(query, page));
  }

  listMovements(query: MovementQuery, page: PageRequest): Promise<Page<Movement>> {
    return this.#read('listMovements', (memory) => memory.listMovements(query, page));
  }

  listReservations(query: ReservationQuery, page: PageRequest): Promise<Page<Reservation>> {
    return this.#read('listReservations', (memory) => memory.listReservations(query, page));
  }

  reservationsOfOrder(tenantId: string, orderId: string): Promise<readonly Reservation[]> {
    return this.#read('reservationsOfOrder', (memory) => memory.reservationsOfOrder(tenantId, orderId));
  }

  ping(): Promise<void> {
    return this.#read('ping', (memory) => memory.ping());
  }

  ordersUnder(tenantId: string, orderId: string): Promise<readonly Order[]> {
    return this.#read('ordersUnder', (memory) => memory.ordersUnder(tenantId, orderId));
  }

  #read<Answer>(name: string, act: (memory: MemoryStore) => Promise<Answer>): Promise<Answer> {
    return callStore(this.#parties, { name, act: () => act(this.#memory) });
  }
}
