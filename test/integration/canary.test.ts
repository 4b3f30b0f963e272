/** The canary's two ways out, against servers of this machine. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPublicApi } from '../../lib/adapters/canary/public-api.ts';
import { createCanaryKey } from '../../lib/adapters/secrets-manager/canary-key.ts';
import type { CanaryRequest } from '../../lib/application/run-canary.ts';
import { CREDENTIALS } from '../support/credentials.ts';
import { startService } from '../support/scripted-service.ts';
import { ManualClock } from '../support/world.ts';

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const HOLD: CanaryRequest = { operationId: 'reserveStock', body: { lines: [] }, key: 'k', requestId: 'r1' };

async function ask(request: CanaryRequest, listener: RequestListener) {
  const failures: unknown[] = [];
  const url = await listen(listener);
  const api = createPublicApi({ url, timeoutMs: 200, onFailure: (error) => failures.push(error) });
  return { answer: await api.send(request), failures };
}

const answering =
  (status: number, body: string): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body);
  };

describe('the API, as the canary asks it', () => {
  it('is asked as any client would', async () => {
    const seen: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[] = [];
    const note: RequestListener = (request, response) => {
      seen.push(request);
      answering(200, '{}')(request, response);
    };
    await ask(HOLD, note);
    await ask({ ...HOLD, operationId: 'putProduct', id: 'canary-x' }, note);
    await ask({ ...HOLD, operationId: 'releaseReservation', id: 'res.1' }, note);
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/reservations',
      'PUT /v1/products/canary-x',
      'POST /v1/reservations/res.1/release',
    ]);
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer k',
      'idempotency-key': 'r1',
      'x-request-id': 'r1',
    });
  });

  it('tells of a reservation its id, its state and its units', async () => {
    const body = JSON.stringify({ reservationId: 'res.1', status: 'held', lines: [{ quantity: 1 }] });
    expect((await ask(HOLD, answering(201, body))).answer).toEqual({
      status: 201,
      reservation: { reservationId: 'res.1', status: 'held', units: 1 },
    });
  });

  it('tells of a problem its code, and of what is neither the status alone', async () => {
    const problem = JSON.stringify({ status: 503, code: 'contended', title: 'x' });
    expect((await ask(HOLD, answering(503, problem))).answer).toEqual({ status: 503, problem: 'contended' });
    expect((await ask(HOLD, answering(502, '<html>'))).answer).toEqual({ status: 502 });
    expect((await ask(HOLD, answering(201, '[1]'))).answer).toEqual({ status: 201 });
  });

  it.each<[string, RequestListener]>([
    ['does not answer', () => undefined],
    ['hangs up', (request) => request.socket.destroy()],
    ['leads elsewhere', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1' }).end()],
    ['stops in the middle', (_, response) => response.writeHead(200, { 'content-length': '9' }).write('{')],
  ])('has no answer when it %s', async (_, listener) => {
    const { answer, failures } = await ask(HOLD, listener);
    expect(answer).toBeUndefined();
    expect(failures).toHaveLength(1);
  });
});

describe("the canary's key", () => {
  const open = async (answer: Parameters<typeof startService>[0]) => {
    const service = await startService(answer);
    const clock = new ManualClock();
    const failures: unknown[] = [];
    const key = createCanaryKey({
      region: 'us-east-1',
      endpoint: service.endpoint,
      credentials: CREDENTIALS,
      secretName: 'holdfast/prod/canary-key',
      clock,
      onFailure: (error) => failures.push(error),
    });
    return { service, clock, key, failures };
  };

  it('is read by the name of its secret, and remembered for five minutes', async () => {
    const { service, clock, key } = await open((_, call) => ({ SecretString: `key-${call}\n` }));
    expect([await key.read(), await key.read()]).toEqual(['key-1', 'key-1']);
    expect(service.requests).toEqual([
      { operation: 'GetSecretValue', body: { SecretId: 'holdfast/prod/canary-key' } },
    ]);
    clock.advance(5 * 60_000);
    expect(await key.read()).toBe('key-2');
    key.forget();
    expect(await key.read()).toBe('key-3');
  });

  it('is none while there is no secret: that is told, and nothing breaks', async () => {
    const { key, failures } = await open(() => ({ status: 400, type: 'ResourceNotFoundException' }));
    expect(await key.read()).toBeUndefined();
    expect(failures).toMatchObject([{ name: 'ResourceNotFoundException' }]);
  });
});
