import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Resolve } from '../../../../lib/adapters/webhooks/checked-lookup.ts';
import { createWebhookSender, type SenderOptions } from '../../../../lib/adapters/webhooks/sender.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A receiver on a free port of this machine. */
async function receiver(listener: RequestListener): Promise<{ readonly port: number; connections: number }> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state = { port: (server.address() as AddressInfo).port, connections: 0 };
  server.on('connection', () => {
    state.connections += 1;
  });
  return state;
}

const REQUEST = {
  secrets: ['second', 'first'],
  webhookId: 'erp',
  deliveryId: 'dlv-1',
  eventId: 'event-1',
  atMs: 1_795_512_600_999,
  body: '{"detailType":"stock.out","text":"Größe"}',
};

const post = (url: string, options: Partial<SenderOptions> = {}) =>
  createWebhookSender({ kind: 'loopback', ...options }).post({ ...REQUEST, url });

/** Answers each question with the next list of addresses, and counts. */
function fakeResolver(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const resolve: Resolve = async (host) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(host);
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return { asked, resolve };
}

describe('a delivery', () => {
  it('is posted as JSON, with its ids and a signature of each secret', async () => {
    let got: unknown;
    const { port } = await receiver(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, url, headers } = request;
      got = { method, url, headers, body: Buffer.concat(chunks).toString() };
      response.writeHead(202).end('taken');
    });
    expect(await post(`http://127.0.0.1:${port}/hook?a=b`)).toEqual({ statusCode: 202 });
    expect(got).toMatchObject({
      method: 'POST',
      url: '/hook?a=b',
      body: REQUEST.body,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(REQUEST.body)),
        'user-agent': 'Holdfast-Webhooks/1',
        'holdfast-webhook-id': 'erp',
        'holdfast-delivery-id': 'dlv-1',
        'holdfast-event-id': 'event-1',
        'holdfast-timestamp': '1795512600',
        // As `printf '%s' '1795512600.<body>' | openssl dgst -sha256 -hmac second` has it, and with `first`.
        'holdfast-signature':
          'v1=07e939283bcbb26dc5bf6b7b470cd4ef9e96a3d1ffec9c8351efe583459308ec,v1=19d5713b32820a6f4bffe1f6c6a7822a1d952ccb52f66243a31c00150a4c7773',
      },
    });
  });

  it.each([200, 404, 410, 500])('is answered with %d', async (statusCode) => {
    const { port } = await receiver((_request, response) => response.writeHead(statusCode).end());
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ statusCode });
  });

  it('follows no redirect', async () => {
    const inner = await receiver((_request, response) => response.end());
    const { port } = await receiver((_request, response) => {
      response.writeHead(307, { Location: `http://127.0.0.1:${inner.port}/` }).end();
    });
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ statusCode: 307 });
    expect(inner.connections).toBe(0);
  });

  it.each([
    [503, '120', 120_000],
    [429, 'Wed, 25 Nov 2026 09:30:30 GMT', Date.parse('2026-11-25T09:30:30Z') - REQUEST.atMs],
    [503, 'soon', undefined],
    [503, '-5', undefined],
    [429, 'Wed, 25 Nov 1998 09:30:30 GMT', undefined],
    [500, '120', undefined],
  ])('that is answered with %d and Retry-After: %s waits %s ms', async (statusCode, header, retryAfterMs) => {
    const { port } = await receiver((_request, response) => {
      response.writeHead(statusCode, { 'Retry-After': header }).end();
    });
    const expected = retryAfterMs === undefined ? { statusCode } : { statusCode, retryAfterMs };
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual(expected);
  });

  it('does not wait for a receiver that never answers', async () => {
    const { port } = await receiver(() => undefined);
    expect(await post(`http://127.0.0.1:${port}/`, { timeoutMs: 50 })).toEqual({ error: 'TIMEOUT' });
  });

  it('has its answer with its head, and reads little of a body that never ends', async () => {
    const { port } = await receiver((_request, response) => {
      response.writeHead(200);
      const write = () => {
        while (response.write('x'.repeat(1_000)));
      };
      response.on('drain', write);
      write();
    });
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ statusCode: 200 });
    const slow = await receiver((_request, response) => void response.writeHead(200).write('x'));
    expect(await post(`http://127.0.0.1:${slow.port}/`, { timeoutMs: 50 })).toEqual({ statusCode: 200 });
  });

  it('says why nobody answered, in words of ours', async () => {
    const { port } = await receiver((request) => request.socket.destroy());
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ error: 'ECONNRESET' });
    const plain = await receiver((_request, response) => response.end());
    const { error } = await post(`https://127.0.0.1:${plain.port}/`);
    expect(error).toMatch(/^[A-Z_]+$/);
    const named = async () =>
      Promise.reject(Object.assign(new Error('no'), { code: 'a secret, in small letters' }));
    expect(await post(`http://localhost:${port}/`, { resolve: named })).toEqual({ error: 'FAILED' });
  });

  it('has a connection of its own', async () => {
    const state = await receiver((_request, response) => response.end());
    await post(`http://127.0.0.1:${state.port}/`);
    await post(`http://127.0.0.1:${state.port}/`);
    expect(state.connections).toBe(2);
  });
});

describe('a receiver in somebody’s network', () => {
  const refused = { error: 'ADDRESS_REFUSED' };

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '10.0.0.1', '169.254.169.254'])(
    'is not reached by its address: %s',
    async (host) => {
      const state = await receiver((_request, response) => response.end());
      expect(await post(`https://${host}:${state.port}/`, { kind: 'public' })).toEqual(refused);
      expect(await post(`http://${host}:${state.port}/`, { kind: 'public' })).toEqual(refused);
      expect(state.connections).toBe(0);
    },
  );

  it.each([
    ['that leads to this machine', ['127.0.0.1']],
    ['that leads to this machine by IPv6', ['::1']],
    ['that leads there by IPv4 within IPv6', ['::ffff:127.0.0.1']],
    ['that leads to the metadata service', ['169.254.169.254']],
    ['that leads outside and inside', ['8.8.8.8', '127.0.0.1']],
    ['that leads inside and outside', ['127.0.0.1', '8.8.8.8']],
    ['that leads nowhere', []],
  ])('is not reached by a name %s', async (_case, addresses) => {
    const state = await receiver((_request, response) => response.end());
    const { resolve, asked } = fakeResolver(addresses);
    const url = `https://receiver.example:${state.port}/`;
    expect(await post(url, { kind: 'public', resolve })).toEqual(refused);
    expect([state.connections, asked]).toEqual([0, ['receiver.example']]);
  });

  it('is not reached by a name that leads elsewhere the second time: it is asked for once', async () => {
    const state = await receiver((_request, response) => response.end());
    const { resolve, asked } = fakeResolver(['127.0.0.1'], ['10.0.0.1']);
    expect(await post(`http://localhost:${state.port}/`, { resolve })).toEqual({ statusCode: 200 });
    expect([state.connections, asked]).toEqual([1, ['localhost']]);
    // The name leads elsewhere now, and the next delivery hears of it.
    expect(await post(`http://localhost:${state.port}/`, { resolve })).toEqual(refused);
    expect(asked).toHaveLength(2);
  });

  it('is not reached from the embedded stack, wherever localhost leads', async () => {
    const { resolve } = fakeResolver(['8.8.8.8']);
    expect(await post('http://localhost/', { resolve })).toEqual(refused);
    expect(await post('https://erp.example.com/')).toEqual(refused);
  });
});
