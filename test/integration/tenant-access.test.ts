import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStore } from '../../lib/adapters/dynamodb/store.ts';
import {
  createTenantCredentials,
  type TenantCredentials,
} from '../../lib/adapters/sts/tenant-credentials.ts';
import type { Store } from '../../lib/application/ports.ts';
import { StackClock } from '../../lib/local/clock.ts';
import { keyOfRole } from '../../lib/local/credentials.ts';
import { parseStatement } from '../../lib/local/iam/policy.ts';
import { Principals } from '../../lib/local/iam/principals.ts';
import { partitionKeys } from '../../lib/local/iam/stack-access.ts';
import { TokenService } from '../../lib/local/iam/token-service.ts';
import { CallCosts } from '../../lib/local/meter/call-costs.ts';
import { Meter } from '../../lib/local/meter/meter.ts';
import { DatabaseProxy, newReachability } from '../../lib/local/proxy/database-proxy.ts';
import { Faults } from '../../lib/local/proxy/faults.ts';
import { synthesise } from '../../lib/local/synthesis/synthesise.ts';
import { readTables } from '../../lib/local/template/tables.ts';
import { type LocalDatabase, startLocalDatabase } from '../support/local-database.ts';
import { ManualClock } from '../support/world.ts';

const REGION = 'us-east-1';
const ROLE = 'arn:aws:iam::000000000000:role/tenants';
const FUNCTION = 'arn:aws:iam::000000000000:role/lists';
const STRANGER = 'arn:aws:iam::000000000000:role/stranger';

const everything = ['dynamodb:*', 'sts:AssumeRole'].map((Action) =>
  parseStatement({ Effect: 'Allow', Action, Resource: '*' }),
);
const roles = new Map([
  [ROLE, { arn: ROLE, trusts: new Set([FUNCTION]), statements: everything }],
  [FUNCTION, { arn: FUNCTION, trusts: new Set<string>(), statements: everything.slice(1) }],
  [STRANGER, { arn: STRANGER, trusts: new Set<string>(), statements: everything }],
]);

let database: LocalDatabase;
let proxy: DatabaseProxy;
let tokens: TokenService;
let faults: Faults;
let stackClock: StackClock;
let clock: ManualClock;

/** As a function with a role has it. */
function signAs(role: string): void {
  process.env['AWS_ACCESS_KEY_ID'] = keyOfRole(role);
  process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
  process.env['AWS_SESSION_TOKEN'] = 'local';
}

const credentials = (does: 'read' | 'readWrite' = 'readWrite'): TenantCredentials =>
  createTenantCredentials({
    roleArn: ROLE,
    region: REGION,
    tableName: database.tableName,
    askedBy: 'lists',
    clock,
    does,
  });

/** A store with the credentials of one tenant. */
function storeOf(tenantId: string, of: TenantCredentials = credentials()): Store {
  return createStore({
    region: REGION,
    tableName: database.tableName,
    endpoint: proxy.endpointFor('environment'),
    timeoutMs: 20_000,
    credentials: () => of(tenantId),
  });
}

beforeAll(async () => {
  database = await startLocalDatabase();
  const { stacks } = await synthesise({ regions: [REGION], bundle: false });
  const tables = readTables(stacks, REGION);
  faults = new Faults();
  stackClock = new StackClock();
  clock = new ManualClock();
  const principals = new Principals(roles, stackClock);
  const endpoint = String(database.connection.endpoint);
  const own = {
    region: REGION,
    endpoint,
    costs: new CallCosts(endpoint, tables),
    keys: partitionKeys(tables),
    reachable: newReachability(),
  };
  const meter = new Meter();
  meter.begin('environment', 'TEST');
  proxy = new DatabaseProxy({ own, databases: new Map([[REGION, own]]), faults, meter, principals });
  tokens = new TokenService(principals, faults);
  await Promise.all([proxy.open(), tokens.open()]);
  process.env['AWS_ENDPOINT_URL_STS'] = tokens.url;
  signAs(FUNCTION);
});
afterAll(async () => {
  await Promise.all([proxy?.close(), tokens?.close()]);
  await database?.stop();
});

const key = (tenantId: string) => ({ tenantId, sku: 's' });
const product = (tenantId: string) => ({
  ...key(tenantId),
  name: tenantId,
  unit: 'each',
  attributes: {},
  safetyStock: 0,
  status: 'active' as const,
  version: 1,
  createdAtMs: 1,
  updatedAtMs: 1,
});
const put = (store: Store, tenantId: string) =>
  store.commit([
    {
      entity: 'product',
      key: key(tenantId),
      conditions: [],
      effect: { does: 'put', record: product(tenantId) },
    },
  ]);

const page = { limit: 10 };

/** Everything that a store can be asked about one tenant. */
const QUESTIONS: Readonly<Record<string, (store: Store, tenantId: string) => Promise<unknown>>> = {
  commit: put,
  get: (store, tenantId) => store.get('product', key(tenantId)),
  getMany: (store, tenantId) => store.getMany([{ entity: 'product', key: key(tenantId) }], 'strong'),
  readSku: (store, tenantId) => store.readSku(tenantId, 's', 'strong'),
  siblings: (store, tenantId) => store.siblings(tenantId, 'h'),
  receipts: (store, tenantId) => store.receipts(tenantId, 'h'),
  locations: (store, tenantId) => store.locations(tenantId),
  claimsOn: (store, tenantId) => store.claimsOn(tenantId, 's'),
  claimsSeen: (store, tenantId) => store.claimsSeen(tenantId, 's'),
  claimsSeenAlone: (store, tenantId) => store.claimsSeenAlone(tenantId, 's'),
  claimsSeenAmong: (store, tenantId) => store.claimsSeenAmong(tenantId),
  ledgerSums: (store, tenantId) => store.ledgerSums(tenantId, 's'),
  listProducts: (store, tenantId) => store.listProducts(tenantId, '', page),
  listKeys: (store, tenantId) => store.listKeys(tenantId, page),
  webhooks: (store, tenantId) => store.webhooks(tenantId),
  listDeliveries: (store, tenantId) => store.listDeliveries({ tenantId, webhookId: 'w' }, page),
  listMovements: (store, tenantId) => store.listMovements({ tenantId, sku: 's' }, page),
  'listMovements of a location': (store, tenantId) =>
    store.listMovements({ tenantId, locationId: 'l' }, page),
  listReservations: (store, tenantId) => store.listReservations({ tenantId }, page),
  'listReservations of a reference': (store, tenantId) =>
    store.listReservations({ tenantId, reference: 'r' }, page),
  reservationsOfOrder: (store, tenantId) => store.reservationsOfOrder(tenantId, 'o'),
  ordersUnder: (store, tenantId) => store.ordersUnder(tenantId, 'o'),
};

/** What a store can be asked about nobody's records. */
const NOBODYS: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  dueWork: (store) => store.dueWork(1),
  ownQuotas: (store) => store.ownQuotas(page),
  ownStocks: (store) => store.ownStocks(page),
  walkProducts: (store) => store.walkProducts(page),
  ping: (store) => store.ping(),
  regionState: (store) => store.get('regionState', { region: REGION }),
  secret: (store) => store.get('secret', { region: REGION, name: 'cursor' }),
};

describe('a store with the credentials of one tenant', () => {
  it('is asked here in every way that there is', () => {
    const asked = [...Object.keys(QUESTIONS), ...Object.keys(NOBODYS)].map((name) => name.split(' ')[0]);
    const methods = Object.keys(database.open()).filter((name) => !['close', 'countDue'].includes(name));
    expect(methods.filter((name) => !asked.includes(name))).toEqual([]);
  });

  it.each(Object.entries(QUESTIONS))('%s: of its own tenant only', async (_name, ask) => {
    await put(database.open(), 'acme10');
    const store = storeOf('acme1');
    await ask(store, 'acme1');
    for (const other of ['acme10', 'acme', '~operator']) {
      await expect(ask(store, other)).rejects.toThrow('is not authorized to perform');
    }
  });

  it.each(Object.entries(NOBODYS))('%s: never', async (_name, ask) => {
    await expect(ask(storeOf('acme1'))).rejects.toThrow('is not authorized to perform');
  });

  it('refuses a transaction of which one part is of another tenant, and writes none of it', async () => {
    const store = storeOf('mixed1');
    const both = (['mixed1', 'mixed2'] as const).map(
      (tenantId) =>
        ({
          entity: 'product',
          key: key(tenantId),
          conditions: [],
          effect: { does: 'put', record: product(tenantId) },
        }) as const,
    );
    await expect(store.commit(both)).rejects.toThrow('is not authorized to perform');
    expect(await store.get('product', key('mixed1'))).toBeUndefined();
  });

  it('writes nothing when it only reads', async () => {
    const store = storeOf('reader', credentials('read'));
    expect(await store.get('product', key('reader'))).toBeUndefined();
    await expect(put(store, 'reader')).rejects.toThrow('is not authorized to perform: dynamodb:PutItem');
  });
});

describe('credentials of a tenant', () => {
  it('are asked for once by many at once, and again after ten minutes', async () => {
    const of = credentials();
    const before = tokens.given;
    const all = await Promise.all(Array.from({ length: 20 }, () => of('once')));
    expect(new Set(all.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
    clock.advance(599_999);
    await of('once');
    expect(tokens.given - before).toBe(1);
    clock.advance(1);
    expect((await of('once')).accessKeyId).not.toBe(all[0]?.accessKeyId);
    expect(tokens.given - before).toBe(2);
  });

  it('are forgotten for the oldest tenant when there are many', async () => {
    const of = credentials();
    for (let index = 0; index < 101; index += 1) await of(`many-${index}`);
    const before = tokens.given;
    await of('many-1');
    expect(tokens.given - before).toBe(0);
    await of('many-0');
    expect(tokens.given - before).toBe(1);
  });

  it('end after a quarter of an hour', async () => {
    const given = await credentials()('ending');
    const left = given.expiration.getTime() - stackClock.nowMs();
    expect(left).toBeGreaterThan(890_000);
    expect(left).toBeLessThanOrEqual(900_000);
    const store = storeOf('ending', async () => ({ ...given, expiration: new Date(Date.now() + 9e8) }));
    await store.get('product', key('ending'));
    stackClock.advance(900_001);
    await expect(store.get('product', key('ending'))).rejects.toThrow('expired');
  });

  it('are not given for a tenant that a policy would read as many', async () => {
    for (const id of ['*', 'a*', '?', 'a#b']) await expect(credentials()(id)).rejects.toThrow('Not usable');
  });

  it('are not given to whom the role does not trust, and that is a defect, not an outage', async () => {
    signAs(STRANGER);
    const error = await credentials()('acme1').catch((caught: Error) => caught);
    signAs(FUNCTION);
    expect(error).toMatchObject({ name: 'AccessDenied' });
  });

  it('that STS does not give make the store unavailable: nothing goes on with those of another', async () => {
    const of = credentials();
    faults.add({ operation: 'AssumeRole', region: undefined, rate: 1, kind: 'error_500' });
    await expect(of('outage')).rejects.toMatchObject({ name: 'StoreUnavailableError', effect: 'none' });
    await expect(storeOf('outage', of).get('product', key('outage'))).rejects.toMatchObject({
      name: 'StoreUnavailableError',
    });
    await expect(put(storeOf('outage', of), 'outage')).rejects.toMatchObject({
      name: 'StoreUnavailableError',
    });
    faults.clear();
    expect(await storeOf('outage', of).get('product', key('outage'))).toBeUndefined();
  });
});
