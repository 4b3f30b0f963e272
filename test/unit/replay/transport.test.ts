import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createTransport, NoAnswerError, type Transport } from '../../../lib/replay/http/transport.ts';

let server: Server | undefined;
let transport: Transport | undefined;

async function against(listener: RequestListener, timeoutMs = 5_000): Promise<Transport> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const { port } = started.address() as AddressInfo;
  transport = createTransport({
    baseUrl: `http://127.0.0.1:${port}/v1`,
    apiKey: 'secret',
    socketsMax: 2,
    timeoutMs,
  });
  return transport;
}

afterEach(() => {
  transport?.close();
  server?.closeAllConnections();
  server?.close();
});

describe('the transport', () => {
  it('sends what the API wants, and reads what it says', async () => {
    const sending = await against((request, response) => {
      const { method, url, headers } = request;
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      request.on('end', () => {
        response.writeHead(503, { 'retry-after': '7', 'idempotency-replayed': 'true' });
        const names = ['authorization', 'content-type', 'idempotency-key', 'if-none-match'] as const;
        response.end(JSON.stringify({ method, url, text, headers: names.map((name) => headers[name]) }));
      });
    });
    const body = { name: 'Füße' };
    const request = {
      method: 'POST',
      path: '/movements',
      body,
      idempotencyKey: 'k1',
      createOnly: true,
    } as const;
    const answer = await sending.send(request);
    expect(answer).toEqual({
      status: 503,
      retryAfterSeconds: 7,
      replayed: true,
      body: {
        method: 'POST',
        url: '/v1/movements',
        text: '{"name":"Füße"}',
        headers: ['Bearer secret', 'application/json', 'k1', '*'],
      },
    });
  });

  it('keeps connections and opens no more than it may', async () => {
    const ports = new Set<number | undefined>();
    const sending = await against((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(Array.from({ length: 5 }, () => sending.send({ method: 'GET', path: '/health' })));
    }
    expect(ports.size).toBe(2);
  });

  it('takes an answer that is no JSON as text', async () => {
    const sending = await against((_request, response) => response.writeHead(502).end('<html>'));
    await expect(sending.send({ method: 'GET', path: '/' })).resolves.toMatchObject({
      status: 502,
      body: '<html>',
    });
  });

  it.each([
    ['nobody answers', ((request) => request.socket.destroy()) satisfies RequestListener],
    [
      'an answer stops half-way',
      ((request, response) => {
        response.writeHead(201, { 'content-length': '100' });
        response.write('{"reservationId":', () => request.socket.destroy());
      }) satisfies RequestListener,
    ],
    ['an answer takes too long', (() => undefined) satisfies RequestListener],
    [
      'an answer never ends',
      ((_request, response) => response.writeHead(201).write('{')) satisfies RequestListener,
    ],
  ])('says that there was no answer when %s', async (_when, listener) => {
    const sending = await against(listener, 100);
    await expect(sending.send({ method: 'GET', path: '/health' })).rejects.toThrow(NoAnswerError);
  });

  it('says that there was no answer when nobody listens', async () => {
    const sending = await against(() => undefined);
    server?.close();
    await expect(sending.send({ method: 'GET', path: '/health' })).rejects.toThrow(NoAnswerError);
  });
});
