/** The functions of webhooks as they are deployed, on DynamoDB Local and an emulator of SQS, with a receiver. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { useCaseDependencies } from '../../lib/adapters/use-case-dependencies.ts';
import { createKey, createTenant } from '../../lib/application/manage-keys.ts';
import { sweepOnce } from '../../lib/application/sweep.ts';
import { ENVIRONMENT } from '../../lib/config/environment.ts';
import { LOCAL_CREDENTIALS } from '../../lib/local/credentials.ts';
import { frontDoor } from '../handlers/front-door.ts';
import { eventOf, type SentRequest } from '../handlers/gateway-events.ts';
import { CREDENTIALS } from '../support/credentials.ts';
import { type LocalDatabase, startLocalDatabase } from '../support/local-database.ts';
import { startTokens } from '../support/tenant-tokens.ts';

const REGION = 'us-east-1';
const TENANT = 'acme';
const QUEUE = 'deliveries';

let tokens: Awaited<ReturnType<typeof startTokens>>;
let database: LocalDatabase;
let queues: FauxqsServer;
let receiver: Server;
let receiverUrl: string;
let key: string;
const received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];

async function startReceiver(): Promise<void> {
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
}

beforeAll(async () => {
  [database, queues, tokens] = await Promise.all([
    startLocalDatabase(),
    startFauxqs({ port: 0, host: '127.0.0.1', logger: false }),
    startTokens(),
    startReceiver(),
  ]);
  const { queueUrl } = queues.createQueue(QUEUE, { region: REGION });
  for (const [name, value] of Object.entries({
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: database.connection.endpoint ?? '',
    AWS_ENDPOINT_URL_SQS: queues.address,
    AWS_ENDPOINT_URL_STS: tokens.tokens.url,
    [ENVIRONMENT.region]: REGION,
    [ENVIRONMENT.regions]: REGION,
    [ENVIRONMENT.tableName]: database.tableName,
    [ENVIRONMENT.databaseTimeoutMs]: '20000',
    [ENVIRONMENT.version]: '1',
    [ENVIRONMENT.stage]: 'local',
    [ENVIRONMENT.readTableName]: database.readTableName,
    [ENVIRONMENT.deliveriesQueueUrl]: queueUrl,
    [ENVIRONMENT.ownQueueUrl]: queueUrl,
    [ENVIRONMENT.ordersQueueUrl]: queueUrl,
    [ENVIRONMENT.eventBusName]: 'bus',
    [ENVIRONMENT.logStreamName]: 'log',
    [ENVIRONMENT.webhookTargets]: 'loopback',
    [ENVIRONMENT.tenantRoleArn]: tokens.roleArn,
  })) {
    vi.stubEnv(name, value);
  }
  const deps = useCaseDependencies(database.open(), {
    region: REGION,
    regions: [REGION],
    openRemote: () => database.open(),
  });
  await createTenant(deps, { tenantId: TENANT, name: 'Acme', tier: 'standard' });
  const created = await createKey(deps, TENANT, { scopes: ['read', 'write'] });
  key = created.ok ? created.value.secret : '';
});

afterAll(async () => {
  vi.unstubAllEnvs();
  receiver.closeAllConnections();
  await Promise.all([new Promise((resolve) => receiver.close(resolve)), queues.stop(), database.stop()]);
  await tokens.tokens.close();
});

async function call(request: SentRequest) {
  const { handler } = await import('../../lambdas/webhooks/handler.ts');
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...request.headers };
  const event = eventOf({ ...request, headers }) as APIGatewayProxyEvent;
  const { dependencies } = await import('../../lambdas/authorizer/dependencies.ts');
  const ask = frontDoor(dependencies, (each) => handler(each, { awsRequestId: 'aws-1' } as Context));
  const { statusCode, body } = await ask(event);
  return { status: statusCode, body: body === '' ? {} : JSON.parse(body) };
}

const batchOf = (...bodies: readonly string[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: String(index),
    receiptHandle: `handle ${index}`,
    body,
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) },
  })),
});

const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };

const seen = new Set<string>();

/** The worker gets all messages that have come to the queue. */
async function deliverAll() {
  const { handler } = await import('../../lambdas/deliver/handler.ts');
  const messages = (queues.inspectQueue(QUEUE)?.messages.ready ?? []).filter(
    ({ messageId }) => !seen.has(messageId),
  );
  for (const { messageId } of messages) seen.add(messageId);
  return handler(batchOf(...messages.map(({ body }) => body)), CONTEXT);
}

describe('the functions of webhooks', () => {
  it('deliver an event once, signed, and show what became of it', async () => {
    const body = { url: receiverUrl, detailTypes: ['stock.out'] };
    const created = await call({ method: 'PUT', path: '/v1/webhooks/erp', body });
    expect(created).toMatchObject({ status: 201, body: { webhookId: 'erp', version: 1 } });
    const detail = {
      id: 'e1',
      tenantId: TENANT,
      region: REGION,
      occurredAt: '2026-11-24T12:00:00.000Z',
      more: 1,
    };
    const message = (type: string) => JSON.stringify({ 'detail-type': type, source: 'holdfast', detail });
    const { handler } = await import('../../lambdas/notify/handler.ts');
    const batch = batchOf(message('stock.out'), message('stock.out'), message('stock.low'), '{');
    expect(await handler(batch, CONTEXT)).toEqual({ batchItemFailures: [{ itemIdentifier: '3' }] });
    expect(await deliverAll()).toEqual({ batchItemFailures: [] });
    expect(await deliverAll()).toEqual({ batchItemFailures: [] });
    const [posted] = received;
    expect(JSON.parse(posted?.body ?? '')).toEqual({ detailType: 'stock.out', source: 'holdfast', detail });
    const signature = createHmac('sha256', created.body.secret)
      .update(`${posted?.headers['holdfast-timestamp']}.${posted?.body}`)
      .digest('hex');
    expect(posted?.headers).toMatchObject({
      'holdfast-event-id': 'e1',
      'holdfast-signature': `v1=${signature}`,
    });
    const list = await call({ path: '/v1/webhooks/erp/deliveries' });
    expect(list).toMatchObject({ status: 200, body: { nextCursor: null } });
    expect(list.body.items).toMatchObject([
      { detailType: 'stock.out', eventId: 'e1', status: 'delivered', createdAt: detail.occurredAt },
    ]);
  });

  it('deliver a ping and a replay by the sweep', async () => {
    await call({ method: 'PUT', path: '/v1/webhooks/ping', body: { url: receiverUrl } });
    const before = received.length;
    const { dependencies } = await import('../../lambdas/sweep/dependencies.ts');
    const ping = await call({ method: 'POST', path: '/v1/webhooks/ping/ping', body: {} });
    expect(ping).toMatchObject({ status: 202, body: { detailType: 'webhook.ping', status: 'pending' } });
    await sweepOnce(dependencies);
    await deliverAll();
    expect(received).toHaveLength(before + 1);
    const path = `/v1/webhooks/ping/deliveries/${ping.body.deliveryId}/replay`;
    expect(await call({ method: 'POST', path, body: {} })).toMatchObject({ status: 202 });
    await sweepOnce(dependencies);
    await deliverAll();
    expect(received.slice(before).map(({ body }) => body)).toEqual([
      received[before]?.body,
      received[before]?.body,
    ]);
  });

  it('refuse a URL outside, a stale version, and what is not there', async () => {
    const put = (url: string, headers = {}) =>
      call({ method: 'PUT', path: '/v1/webhooks/other', body: { url }, headers });
    const refused = await put('https://erp.example.com/');
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ path: 'url' }] },
    });
    expect((await put(receiverUrl, { 'If-Match': '"1"' })).status).toBe(412);
    expect((await put(receiverUrl, { 'If-None-Match': '*' })).status).toBe(201);
    expect((await call({ method: 'DELETE', path: '/v1/webhooks/other' })).status).toBe(204);
    for (const path of ['/v1/webhooks/other', '/v1/webhooks/other/deliveries']) {
      expect((await call({ path })).status).toBe(404);
    }
    const list = await call({ path: '/v1/webhooks' });
    expect(list.body.items.map(({ webhookId }: { webhookId: string }) => webhookId)).toEqual(['erp', 'ping']);
    expect(JSON.stringify(list.body)).not.toContain('secret');
  });
});
