import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock, Randomness, Store } from '../../application/ports.ts';
import { systemClock } from '../system/clock.ts';
import { systemRandomness } from '../system/randomness.ts';
import { readClaims, readClaimsAlone, readClaimsAmong, readSeenClaims } from './claims.ts';
import { type Connection, createClient } from './client.ts';
import { commit } from './commit.ts';
import { type Database, read } from './database.ts';
import { listDeliveries, readWebhooks } from './deliveries.ts';
import { countDue, readDueWork } from './due-work.ts';
import { readReceipts, readSiblings } from './key-effects.ts';
import type { ItemKey } from './keys.ts';
import { listKeys, listProducts, listReservations, reservationsOfOrder } from './lists.ts';
import { listMovements } from './movements.ts';
import { ordersUnder } from './orders.ts';
import { walkOwnQuotas, walkOwnStocks, walkProducts } from './own-records.ts';
import { nowherePartition } from './partitions.ts';
import { getRecord, getRecords } from './records.ts';
import { readLocations, readSku, sumLedger } from './sku-records.ts';

export interface StoreSettings extends Connection {
  readonly tableName: string;
  /** @default the machine's */
  readonly clock?: Clock;
  /** @default the operating system's */
  readonly random?: Randomness;
}

/** The store of one region, and what those who run it want to know besides. */
export interface DynamoDbStore extends Store {
  /** Items of this region that are due at or before a time; 0 only when there is none. */
  countDue(nowMs: number): Promise<number>;
  /** Closes the connections. */
  close(): void;
}

/** The key of no item. */
const NOWHERE: ItemKey = { pk: nowherePartition(), sk: 'PING' };

async function ping({ client, tableName }: Database): Promise<void> {
  await read(() => client.send(new GetCommand({ TableName: tableName, Key: NOWHERE })));
}

/** The store of a region, on DynamoDB. */
export function createStore({
  tableName,
  clock = systemClock,
  random = systemRandomness,
  ...connection
}: StoreSettings): DynamoDbStore {
  const { region } = connection;
  const database: Database = { client: createClient(connection), tableName, region, clock, random };
  return {
    commit: (writes) => commit(database, writes),
    get: (entity, key, consistency = 'strong') => getRecord(database, { entity, key }, consistency),
    getMany: (refs, consistency) => getRecords(database, refs, consistency),
    readSku: (tenantId, sku, consistency) => readSku(database, { tenantId, sku }, consistency),
    siblings: (tenantId, keyHash) => readSiblings(database, { tenantId, keyHash }),
    receipts: (tenantId, keyHash) => readReceipts(database, { tenantId, keyHash }),
    ownQuotas: (page) => walkOwnQuotas(database, page),
    ownStocks: (page) => walkOwnStocks(database, page),
    walkProducts: (page) => walkProducts(database, page),
    locations: (tenantId) => readLocations(database, tenantId),
    claimsOn: (tenantId, sku) => readClaims(database, { tenantId, sku }),
    claimsSeen: (tenantId, sku, oldest) => readSeenClaims(database, { tenantId, sku }, oldest),
    claimsSeenAlone: (tenantId, sku) => readClaimsAlone(database, { tenantId, sku }),
    claimsSeenAmong: (tenantId) => readClaimsAmong(database, tenantId),
    ledgerSums: (tenantId, sku) => sumLedger(database, { tenantId, sku }),
    dueWork: (nowMs) => readDueWork(database, nowMs),
    listProducts: (tenantId, prefix, page) => listProducts(database, { tenantId, prefix }, page),
    listKeys: (tenantId, page) => listKeys(database, tenantId, page),
    webhooks: (tenantId) => readWebhooks(database, tenantId),
    listDeliveries: (query, page) => listDeliveries(database, query, page),
    listMovements: (query, page) => listMovements(database, query, page),
    listReservations: (query, page) => listReservations(database, query, page),
    reservationsOfOrder: (tenantId, orderId) => reservationsOfOrder(database, { tenantId, orderId }),
    ordersUnder: (tenantId, orderId) => ordersUnder(database, { tenantId, orderId }),
    ping: () => ping(database),
    countDue: (nowMs) => countDue(database, nowMs),
    close: () => database.client.destroy(),
  };
}
