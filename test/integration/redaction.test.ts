import { createHash } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  orderRecordsPartition,
  reservationPartition,
  skuPartition,
} from '../../lib/adapters/dynamodb/partitions.ts';
import { completeDueWork } from '../../lib/application/complete-due-work.ts';
import { ROUTES, type Route } from '../../lib/config/routes.ts';
import type { FaultKind } from '../../lib/local/proxy/faults.ts';
import { contractOf } from '../support/isolation/fields.ts';
import { type Ids, ROWS } from '../support/isolation/rows.ts';
import { ask, createTestTenant } from '../support/isolation/tenants.ts';
import { filled, queryNames } from '../support/redaction/filled.ts';
import { startWholeApi, type WholeApi } from '../support/whole-api.ts';

/*
 * Exempt, because a log that named nobody and nothing would help nobody: the tenant's id, the operation, a well-formed
 * request id (the caller gave it to find the request by), and in what is logged of one stored record its key, of which
 * the product's sku and ids of the service are part, and the caller's own texts are not.
 */

/** Makes the run the same each time; another number makes other secrets. */
const SEED = 20_261_125;

let api: WholeApi;
let output: string[];
let made = 0;
const secrets: string[] = [];

/** Fits wherever an id may stand, and nothing else that is written begins so. */
function secret(): string {
  made += 1;
  const digits = createHash('sha256').update(`${SEED}-${made}`).digest('hex').slice(0, 20);
  secrets.push(`zq${digits}`);
  return `zq${digits}`;
}

const CONTEXT = { awsRequestId: 'aws-1', getRemainingTimeInMillis: () => 60_000 };

type Handler = (event: unknown, context: typeof CONTEXT) => Promise<unknown>;

const load = async (name: string): Promise<Handler> =>
  ((await import(`../../lambdas/${name}/handler.ts`)) as { readonly handler: Handler }).handler;

beforeAll(async () => {
  api = await startWholeApi();
  output = api.listen();
}, 60_000);
afterAll(() => api?.stop());
afterEach(() => {
  api.faults.clear();
  output.length = 0;
});

/** Everything that was written since the test began has none of the secrets in it. */
function expectNoSecret(): void {
  const written = output.join('');
  expect(written).not.toBe('');
  const leaked = output.filter((line) => secrets.some((each) => line.includes(each)));
  expect(leaked).toEqual([]);
  // Nor in another writing of it.
  for (const each of secrets)
    expect(written).not.toContain(Buffer.from(each).toString('base64').slice(0, 24));
}

/** A tenant whose every thing is called by a secret. */
async function secretive() {
  const names = {
    sku: secret(),
    locationId: secret(),
    orderId: secret(),
    reference: secret(),
    webhookId: secret(),
    idempotencyKey: secret(),
  };
  made += 1;
  secrets.push(`canary-of-tenant-${made}`);
  const tenant = await createTestTenant(api, `tenant-${made}`, names);
  secrets.push(tenant.key.split('.').at(-1) ?? '');
  return tenant;
}

const bearer = (route: Route, key: string): string => (route.access === 'operator' ? api.keys.operator : key);

/** Every header that anything could read, and one that nothing does. */
const HEADERS = [
  ...[
    'Authorization',
    'Idempotency-Key',
    'traceparent',
    'tracestate',
    'X-Request-Id',
    'X-Tenant-Id',
    'Prefer',
  ],
  ...[
    'If-Match',
    'If-None-Match',
    'Content-Type',
    'Content-Encoding',
    'Cookie',
    'User-Agent',
    'X-Forwarded-For',
  ],
  ...['X-Api-Key', 'Host', 'Accept', 'Referer', 'X-Amzn-Trace-Id'],
];
/** A request id that is well-formed is meant to be found in the log; so is only one that is not. */
const headerValue = (name: string): string => (name === 'X-Request-Id' ? `not an id ${secret()}` : secret());

const pathOf = (route: Route): string => route.path.replaceAll(/\{\w+\}/g, secret);

describe.each(ROUTES)('$operationId', (route) => {
  const contract = contractOf(route);

  it('logs nothing of what a request names, whether it succeeds or not', async () => {
    if (ROWS[route.operationId] === undefined) return;
    const { key, ids, confirmedId } = await secretive();
    const isConfirmed = ROWS[route.operationId]?.confirmed === true;
    const known: Ids = isConfirmed ? { ...ids, reservationId: confirmedId } : ids;
    expect((await ask(api, key, route, known)).status).toBeLessThan(500);
    await ask(api, key, route, { ...known, sku: secret(), reservationId: secret(), keyId: secret() });
    expectNoSecret();
  });

  it('logs nothing of what is in its body, its path and its query', async () => {
    const { key } = await secretive();
    const headers = { Authorization: `Bearer ${bearer(route, key)}`, 'Content-Type': 'application/json' };
    const sent = { method: route.method, headers: { ...headers, 'Idempotency-Key': secret() } };
    const query = () => Object.fromEntries(queryNames(contract).map((name) => [name, secret()]));
    const whole = filled(contract.body, secret);
    const bodies = [
      whole,
      ...Object.keys(whole ?? {}).map((name) => ({ ...(whole as object), [name]: secret() })),
      ...Object.keys(whole ?? {}).map((name) => ({
        ...(whole as object),
        [name]: { [secret()]: [secret()] },
      })),
      { ...(whole as object), [secret()]: secret() },
      `{"${secret()}": "${secret()}`,
      `"${secret()}"`,
      Buffer.from([0xff, ...Buffer.from(secret())]),
      `{"${secret()}": 1, "x": "${secret()}", "x": 2}`,
    ];
    for (const body of bodies) await api.send({ ...sent, path: pathOf(route), query: query(), body });
    await api.send({ ...sent, path: pathOf(route), query: { ...query(), [secret()]: secret() } });
    await api.send({ ...sent, path: `${pathOf(route)}/${secret()}`, query: query() });
    await api.send({ ...sent, method: 'PATCH', path: pathOf(route) });
    expectNoSecret();
  });

  it('logs nothing of its headers', async () => {
    const { key } = await secretive();
    const right = { Authorization: `Bearer ${bearer(route, key)}`, 'Content-Type': 'application/json' };
    for (const name of HEADERS) {
      for (const value of [
        headerValue(name),
        `Bearer ${secret()}`,
        `hf.key.61.${'0'.repeat(20)}.${secret()}`,
      ]) {
        const headers = {
          ...right,
          'Idempotency-Key': secret(),
          [name]: name === 'X-Request-Id' ? headerValue(name) : value,
        };
        await api.send({ method: route.method, path: pathOf(route), headers, body: '{}' });
      }
    }
    expectNoSecret();
  });
});

const FAULTS: readonly { readonly kind: FaultKind; readonly operation: string }[] = [
  { kind: 'error_500', operation: '*' },
  { kind: 'throttle', operation: '*' },
  { kind: 'timeout_after', operation: '*' },
  { kind: 'error_500', operation: 'AssumeRole' },
];

describe.each(FAULTS)('while $operation fails with $kind', (fault) => {
  it('no route logs what a request names', async () => {
    const { key, ids } = await secretive();
    await ask(api, key, ROUTES.find(({ operationId }) => operationId === 'getProduct') as Route, ids);
    const routes = ROUTES.filter(({ operationId }) => ROWS[operationId] !== undefined);
    // STS is asked for a tenant that has no credentials yet.
    const other = await secretive();
    api.faults.add({ ...fault, region: undefined, rate: 1 });
    const who = fault.operation === 'AssumeRole' ? other : { key, ids };
    const answers = await Promise.all(routes.map((route) => ask(api, who.key, route, who.ids)));
    expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThan(2);
    expectNoSecret();
  }, 60_000);
});

describe('a stored record that cannot be read', () => {
  const attribute = (text: string) => ({ S: text });
  const store = async (
    pk: string,
    sk: string,
    fields: Record<string, { S: string } | { M: Record<string, { S: string } | { N: string }> }>,
  ) => {
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    const client = new DynamoDBClient({ endpoint: api.endpoint, region: 'us-east-1' });
    const Item = { pk: attribute(pk), sk: attribute(sk), ...fields };
    await client.send(new PutItemCommand({ TableName: api.database.tableName, Item }));
    client.destroy();
  };
  const read = (key: string, operationId: string, ids: Ids) =>
    ask(api, key, ROUTES.find((route) => route.operationId === operationId) as Route, ids);

  it.each(['order', 'product', 'reservation'])('is told without what callers wrote: %s', async (entity) => {
    const { key, ids, tenantId } = await secretive();
    const odd = { M: { [secret()]: { N: '1' } } };
    const fields = {
      tenantId: attribute(tenantId),
      name: attribute(secret()),
      attributes: odd,
      metadata: odd,
    };
    const hash = ids.reservationId.split('.')[1] ?? '';
    if (entity === 'order')
      await store(orderRecordsPartition(tenantId, ids.orderId), `ORDER#us-east-1#${hash}`, fields);
    if (entity === 'product') await store(skuPartition(tenantId, ids.sku), 'PRODUCT', fields);
    if (entity === 'reservation')
      await store(reservationPartition(tenantId, hash), 'RESERVATION#us-east-1', fields);
    const operation =
      { order: 'getOrder', product: 'getProduct', reservation: 'getReservation' }[entity] ?? '';
    expect((await read(key, operation, ids)).status).toBe(500);
    // What a tenant calls a product stands in the key of its record, by which somebody must find it.
    const allowed = entity === 'product' ? [ids.sku] : [];
    const kept = secrets.splice(0).filter((each) => !allowed.includes(each));
    secrets.push(...kept);
    expectNoSecret();
  });
});

const message = (body: unknown) => ({
  Records: [
    {
      messageId: 'message-1',
      receiptHandle: secret(),
      eventSource: 'aws:sqs',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1' },
    },
  ],
});

/** Bodies of every kind that a queue could hold. */
const bodies = (): unknown[] => [
  secret(),
  `{"${secret()}": "${secret()}`,
  { [secret()]: secret() },
  { tenantId: 'tenant-x', reservationId: secret(), version: 1, [secret()]: secret() },
  { tenantId: 'tenant-x', webhookId: secret(), id: secret() },
  { tenantId: 'tenant-x', reservationId: `us-east-1.${'a'.repeat(32)}.${'b'.repeat(12)}`, version: secret() },
  {
    'detail-type': 'stock.low',
    detail: { id: secret(), tenantId: 'tenant-x', occurredAt: '2026-01-01T00:00:00Z', [secret()]: secret() },
  },
  { 'detail-type': secret(), detail: { id: secret(), tenantId: secret(), occurredAt: secret() } },
];

describe('a message of a queue', () => {
  it.each(['orders', 'notify', 'deliver'])(
    'leaves nothing in the log of %s, whatever it is',
    async (name) => {
      const handler = await load(name);
      for (const body of bodies()) await handler(message(body), CONTEXT);
      api.faults.add({ operation: '*', region: undefined, rate: 1, kind: 'error_500' });
      for (const body of bodies()) await handler(message(body), CONTEXT);
      expectNoSecret();
    },
    60_000,
  );
});

describe('a change of the stream', () => {
  const image = (fields: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(fields).map(([name, S]) => [name, { S }]));
  const shown = (pk: string, sk: string) => ({
    eventName: 'INSERT',
    dynamodb: {
      ApproximateCreationDateTime: 1,
      SequenceNumber: String(made),
      Keys: image({ pk, sk }),
      NewImage: { ...image({ pk, sk, name: secret() }), metadata: { M: image({ [secret()]: secret() }) } },
    },
  });

  it('leaves nothing in the log that a caller wrote, when it cannot be read or completed', async () => {
    const handler = await load('complete');
    const places = [
      [orderRecordsPartition('tenant-x', secret()), 'ORDER#us-east-1#aa'],
      [orderRecordsPartition('tenant-x', `a#b|${secret()}`), 'ORDER#us-east-1#aa'],
      [reservationPartition('tenant-x', 'aa'), 'RESERVATION#us-east-1'],
      ['T#tenant-x#SHP#aa', 'SHIPMENT'],
    ] as const;
    for (const [pk, sk] of places) await handler({ Records: [shown(pk, sk)] }, CONTEXT);
    const parked = places.map(([pk, sk]) => message(shown(pk, sk)));
    for (const event of parked) await handler(event, CONTEXT);
    expect(output.join('')).toContain('RECORD_UNREADABLE');
    expectNoSecret();
  }, 60_000);
});

describe('the sweep', () => {
  it('logs nothing of messages that it cannot read', async () => {
    const store = api.database.open();
    for (const [index, json] of [
      secret(),
      `{"${secret()}":"${secret()}`,
      JSON.stringify({ [secret()]: secret(), metadata: { [secret()]: 1 } }),
    ].entries()) {
      for (const channel of ['events', 'orders', 'log'] as const) {
        const key = { region: 'us-east-1', channel, id: `unsent-${index}` };
        const record = { ...key, message: json, dueAtMs: 1, attempts: 0, createdAtMs: 1 };
        await store.commit([{ entity: 'unsent', key, conditions: [], effect: { does: 'put', record } }]);
      }
    }
    const { unsent } = await store.dueWork(Date.now());
    expect(unsent).toHaveLength(9);
    const { dependencies } = (await import('../../lambdas/sweep/dependencies.ts')) as unknown as {
      readonly dependencies: Parameters<typeof completeDueWork>[0];
    };
    await completeDueWork(dependencies, await store.dueWork(Date.now()));
    expect(output.join('')).toContain('UNSENT_UNREADABLE');
    expectNoSecret();
  }, 60_000);
});
