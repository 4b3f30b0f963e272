/** Webhooks, as a receiver on this machine sees them. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { advance, busEvents, quiesce, until } from './spine.ts';
import { startTestStack, stockUp, type TestStack } from './stack.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A pause after a failure is shorter than this the first two times. */
const BACKOFF_MS = 60_000;
const WITHIN_MS = 30_000;
const OLD = 'old-secret-of-16-characters';
const NEW = 'new-secret-of-16-characters';

let test: TestStack;
let server: Server;
let url: string;
let received: Received[] = [];
/** What the receiver answers next; 200 when none is left. */
let statuses: number[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, text: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  test = await startTestStack();
}, 120_000);
afterAll(async () => {
  await test?.stack.stop();
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

const got = (count: number) => until(`${count} requests`, WITHIN_MS, async () => received.length >= count);

/** The secrets that have signed a request, as a receiver finds out. */
function signers({ headers, text }: Received): string[] {
  const signatures = String(headers['holdfast-signature']).split(',');
  return [OLD, NEW].filter((secret) => {
    const hmac = createHmac('sha256', secret).update(`${headers['holdfast-timestamp']}.${text}`);
    return signatures.includes(`v1=${hmac.digest('hex')}`);
  });
}

it('gets what it asked for, signed, again when it fails, and nothing once it is deleted', async () => {
  const { demo, rival } = test;
  const hook = { url, detailTypes: ['stock.received'] };
  await demo.expect(201, 'PUT /webhooks/erp', { ...hook, secret: OLD });
  await rival.expect(201, 'PUT /webhooks/erp', { url, secret: NEW });

  statuses = [500, 500];
  await stockUp(demo, 'hall', { hooked: 5 });
  for (const attempt of [1, 2]) {
    await got(attempt);
    await advance(test, BACKOFF_MS);
  }
  await got(3);
  await quiesce(test);
  expect(received).toHaveLength(3);
  for (const request of received) {
    expect(signers(request)).toEqual([OLD]);
    expect(request.text).toBe(received[0]?.text);
  }
  const [event] = await busEvents(test.control, 'stock.received');
  expect(JSON.parse(received[0]?.text ?? '')).toEqual({
    detailType: 'stock.received',
    source: 'holdfast',
    detail: event?.detail,
  });
  expect(received[0]?.headers['holdfast-event-id']).toBe(event?.detail.id);
  const { body } = await demo.expect(200, 'GET /webhooks/erp/deliveries');
  expect(body.items).toMatchObject([{ status: 'delivered', eventId: event?.detail.id }]);
  const codes = body.items[0].attempts.map(({ statusCode }: { statusCode: number }) => statusCode);
  expect(codes).toEqual([500, 500, 200]);
  expect((await rival.expect(200, 'GET /webhooks/erp/deliveries')).body.items).toEqual([]);

  received = [];
  const { deliveryId } = body.items[0];
  await rival.expect(404, `POST /webhooks/erp/deliveries/${deliveryId}/replay`, {});
  await demo.expect(200, 'PUT /webhooks/erp', { ...hook, secret: NEW });
  await demo.expect(202, `POST /webhooks/erp/deliveries/${deliveryId}/replay`, {});
  await got(1);
  expect(received[0]?.headers['holdfast-delivery-id']).toBe(deliveryId);
  await demo.expect(202, 'POST /webhooks/erp/ping', {});
  await got(2);
  expect(JSON.parse(received[1]?.text ?? '').detailType).toBe('webhook.ping');
  for (const request of received) expect(signers(request).toSorted()).toEqual([NEW, OLD]);

  received = [];
  await demo.expect(204, 'DELETE /webhooks/erp');
  await quiesce(test);
  // What an environment remembers of webhooks is a few seconds old at most.
  await advance(test, BACKOFF_MS);
  await demo.expect(201, 'POST /movements', {
    type: 'receipt',
    sku: 'hooked',
    locationId: 'hall',
    quantity: 1,
  });
  await quiesce(test);
  expect(received).toEqual([]);
}, 180_000);
