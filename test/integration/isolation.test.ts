import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES, type Route } from '../../lib/config/routes.ts';
import { CREDENTIALS } from '../support/credentials.ts';
import { contractOf, type Kind, kindsOf, unknownFields } from '../support/isolation/fields.ts';
import { type Ids, ROWS } from '../support/isolation/rows.ts';
import { ask, canaryOf, createTestTenant, keyOf } from '../support/isolation/tenants.ts';
import { type ApiAnswer, REGION, startWholeApi, type WholeApi } from '../support/whole-api.ts';

const OF_TENANTS = ROUTES.filter(({ access }) => access !== 'public' && access !== 'operator');

let api: WholeApi;
/** Whose things others name. */
let owner: Awaited<ReturnType<typeof createTestTenant>>;
let ownersThings: readonly string[];
let client: DynamoDBDocumentClient;
let count = 0;

beforeAll(async () => {
  api = await startWholeApi();
  api.listen();
  owner = await createTestTenant(api, 'owner');
  client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ region: REGION, endpoint: api.endpoint, credentials: CREDENTIALS }),
  );
  ownersThings = await stored(owner.tenantId);
  expect(ownersThings.length).toBeGreaterThan(10);
}, 60_000);
afterAll(async () => {
  client?.destroy();
  await api?.stop();
});

/** Everything of a tenant, as it is stored. */
async function stored(tenantId: string): Promise<string[]> {
  const items: string[] = [];
  for await (const page of paginateScan(
    { client },
    { TableName: api.database.tableName, ConsistentRead: true },
  )) {
    const own = (page.Items ?? []).filter(
      ({ pk }) => pk === `T#${tenantId}` || pk.startsWith(`T#${tenantId}#`),
    );
    items.push(...own.map((item) => JSON.stringify(item)));
  }
  return items.toSorted();
}

/** A tenant that nobody has met, with the things that a route asks for. */
async function stranger(route: Route, names: Partial<Ids> = {}) {
  count += 1;
  const made = await createTestTenant(api, `stranger-${count}`, names);
  const isConfirmed = ROWS[route.operationId]?.confirmed === true;
  return isConfirmed ? { ...made, ids: { ...made.ids, reservationId: made.confirmedId } } : made;
}

/** What nobody has, written as the owner's thing is. */
function absent(kind: Kind): string {
  const own = owner.ids[kind as keyof Ids] ?? '';
  if (kind === 'reservationId' || kind === 'deliveryId') return own.replace(/[0-9a-f]{32}/, 'f'.repeat(32));
  if (kind === 'keyId') return own.replace(/[0-9a-f]{20}$/, 'f'.repeat(20));
  return `absent-${kind}`;
}

/** What an answer tells, without what is another in every answer: the names that were asked for, ids and times. */
function told({ status, text }: ApiAnswer, ids: Ids): unknown {
  let rest = text;
  for (const [kind, id] of Object.entries(ids).toSorted(([, a], [, b]) => b.length - a.length)) {
    rest = rest.replaceAll(JSON.stringify(id).slice(1, -1), `<${kind}>`);
  }
  rest = rest
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/stranger-\d+/g, '<tenant>')
    .replaceAll(/key\.[0-9a-f]+\.[0-9a-f]{20}/g, '<key>')
    .replaceAll(/hf\.<key>\.[\w-]+/g, '<secret>')
    .replaceAll(/whsec_[\w-]+/g, '<secret>')
    .replaceAll(/[0-9a-f]{12,64}/g, '<digits>')
    .replaceAll(/\d{13}/g, '<ms>');
  return { status, rest };
}

const isEmptyList = ({ status, body }: ApiAnswer): boolean =>
  status === 200 && (body.items ?? []).every((item: { error?: string }) => item.error === 'not_found');

describe('what a request can name', () => {
  it('is known for every field of every contract', () => expect(unknownFields()).toEqual([]));

  it('is asked for by a row of every route: a new one needs its row in test/support/isolation/rows.ts', () => {
    expect(Object.keys(ROWS).toSorted()).toEqual(OF_TENANTS.map(({ operationId }) => operationId).toSorted());
  });

  it.each(OF_TENANTS)('is all in the row of $operationId', (route) => {
    const seen = new Set<string>();
    const recorder = new Proxy({} as Ids, {
      get: (_, name) => {
        seen.add(String(name));
        return String(name);
      },
    });
    ROWS[route.operationId]?.asks(recorder);
    for (const [, name = ''] of route.path.matchAll(/\{(\w+)\}/g)) seen.add(name);
    if (route.idempotent) seen.add('idempotencyKey');
    seen.delete('limit');
    expect([...seen].toSorted()).toEqual([...kindsOf(route)].toSorted());
  });
});

const CASES = OF_TENANTS.flatMap((route) =>
  [...kindsOf(route)]
    .filter((kind) => kind !== 'cursor')
    .map((kind) => ({ route, kind, name: route.operationId })),
);

describe('a tenant who names the thing of another', () => {
  it.each(CASES)(
    '$name by $kind: is answered as if it did not exist, and changes nothing',
    async ({ route, kind }) => {
      const [one, other] = [await stranger(route), await stranger(route)];
      const foreign: Ids = { ...one.ids, [kind]: owner.ids[kind as keyof Ids] ?? '' };
      const missing: Ids = { ...other.ids, [kind]: absent(kind) };
      const answer = await ask(api, one.key, route, foreign);
      const expected = await ask(api, other.key, route, missing);
      expect(told(answer, foreign)).toEqual(told(expected, missing));
      expect(answer.status).toBeLessThan(500);
      expect(answer.text).not.toContain(canaryOf(owner.tenantId));
      expect(answer.headers['Idempotency-Replayed']).toBeUndefined();
      if (route.path.includes(`{${kind}}`) && route.method !== 'PUT') {
        expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
      } else if (route.method === 'GET' && contractOf(route).query?.shape['cursor'] !== undefined) {
        expect(isEmptyList(answer)).toBe(true);
      }
      expect(await stored(owner.tenantId)).toEqual(ownersThings);
    },
  );

  it.each(OF_TENANTS)(
    '$operationId: has things of the same names, and touches none of the other',
    async (route) => {
      const { sku, locationId, orderId, reference, webhookId, idempotencyKey } = owner.ids;
      const names = { sku, locationId, orderId, reference, webhookId, idempotencyKey };
      const same = await stranger(route, names);
      const answer = await ask(api, same.key, route, same.ids);
      expect(answer.status).toBeLessThan(500);
      expect(answer.text).not.toContain(canaryOf(owner.tenantId));
      expect(await stored(owner.tenantId)).toEqual(ownersThings);
    },
  );
});

const LISTS = OF_TENANTS.filter((route) => kindsOf(route).has('cursor'));

describe('a cursor', () => {
  it.each(LISTS)(
    'of $operationId is good for its own tenant only, and tells others nothing',
    async (route) => {
      const lister = await stranger(route);
      // Two of everything, so that a page of one has another behind it.
      for (const suffix of ['-2', '-3']) {
        const more = {
          ...lister.ids,
          sku: `${lister.ids.sku}${suffix}`,
          locationId: `${lister.ids.locationId}${suffix}`,
        };
        for (const operationId of [
          'putProduct',
          'putLocation',
          'createKey',
          'pingWebhook',
          'putWebhook',
          'reserveStock',
          'recordMovement',
        ]) {
          const other = OF_TENANTS.find((each) => each.operationId === operationId) as Route;
          const isNamed = ['putProduct', 'putLocation'].includes(operationId);
          const ids = isNamed ? more : { ...lister.ids, idempotencyKey: `more${suffix}` };
          await ask(
            api,
            lister.key,
            other,
            operationId === 'putWebhook' ? { ...ids, webhookId: `more${suffix}` } : ids,
          );
        }
      }
      const page = (key: string, ids: Ids) => ask(api, key, route, { ...ids, limit: '1' });
      const first = await page(lister.key, lister.ids);
      const cursor: unknown = first.body.nextCursor;
      if (typeof cursor !== 'string')
        throw new Error(`${route.operationId} has no second page: ${first.text}`);
      expect((await page(lister.key, { ...lister.ids, cursor })).status).toBe(200);
      const { sku, locationId, reference, webhookId } = lister.ids;
      const thief = await stranger(route, { sku, locationId, reference, webhookId });
      const stolen = { ...thief.ids, cursor };
      const altered = { ...thief.ids, cursor: `${cursor.slice(0, -2)}AA` };
      const answers = [await page(thief.key, stolen), await page(thief.key, altered)];
      for (const answer of answers)
        expect([answer.status, answer.body.code]).toEqual([400, 'invalid_cursor']);
      expect(told(answers[0] as ApiAnswer, stolen)).toEqual(told(answers[1] as ApiAnswer, altered));
    },
  );
});

const KEYS = [
  { name: 'read', scopes: ['read'] },
  { name: 'write', scopes: ['write'] },
  { name: 'admin', scopes: ['admin'] },
] as const;

/** Who may use a route, said again: which of the keys, and whether an operator. */
const MAY: Readonly<Record<Route['access'], readonly string[]>> = {
  public: ['nobody', 'read', 'write', 'admin', 'operator'],
  read: ['read'],
  write: ['write'],
  admin: ['admin'],
  operator: ['operator'],
  readOrOperator: ['read', 'operator'],
  adminOrOperator: ['admin', 'operator'],
};

describe('scopes', () => {
  it('are those of the contract: reading needs read, changing write, and what is marked admin', () => {
    const unusual = ROUTES.filter(({ method, access }) => access !== (method === 'GET' ? 'read' : 'write'));
    expect(Object.fromEntries(unusual.map(({ operationId, access }) => [operationId, access]))).toEqual({
      archiveProduct: 'admin',
      putLocation: 'admin',
      batchGetStock: 'read',
      createTenant: 'operator',
      createTenantKey: 'operator',
      createKey: 'admin',
      listKeys: 'admin',
      revokeKey: 'adminOrOperator',
      listRegions: 'readOrOperator',
      drainRegion: 'operator',
      retireRegion: 'operator',
      activateRegion: 'operator',
      rebalanceStock: 'admin',
      getHealth: 'public',
      getOpenApi: 'public',
      getDocs: 'public',
    });
  });

  it.each(ROUTES)('of $operationId let in whom they name, and nobody else', async (route) => {
    const keys = new Map<string, string | undefined>([
      ['nobody', undefined],
      ['operator', api.keys.operator],
    ]);
    for (const { name, scopes } of KEYS) keys.set(name, await keyOf(api, owner.tenantId, [...scopes]));
    for (const [name, key] of keys) {
      const answer = await api.send({
        method: route.method,
        // Nothing that there is: who is let in must change nothing.
        path: route.path.replaceAll(/\{(\w+)\}/g, 'nothing'),
        headers: {
          'Content-Type': 'application/json',
          ...(key !== undefined && { Authorization: `Bearer ${key}` }),
        },
        ...(route.method === 'GET' ? {} : { body: '{"refused": true}' }),
      });
      const refused = name === 'nobody' ? 401 : 403;
      const isIn = MAY[route.access].includes(name);
      expect([name, answer.status === refused]).toEqual([name, !isIn]);
    }
  });
});
