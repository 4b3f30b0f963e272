import { describe, expect, it } from 'vitest';
import { httpHandler } from '../../lambdas/http/http-handler.ts';
import { type BoundOperation, operation } from '../../lambdas/http/operation.ts';
import { ROUTES } from '../../lib/config/routes.ts';
import { listLocationsContract } from '../../lib/contracts/locations.ts';
import { createApi } from './api.ts';
import { eventOf } from './gateway-events.ts';

const EMPTY_PAGE = { status: 200, body: { items: [], nextCursor: null } } as const;

/** A function that serves some operations, without anything in front of it. */
function bareHandler(operations: readonly BoundOperation[]) {
  const errors: unknown[] = [];
  const handler = httpHandler(
    {
      admit: async () => ({ admitted: true }),
      newRequestId: () => 'made-1',
      nowMs: () => 0,
      logger: { info: () => {}, error: (_message, _fields, error) => errors.push(error) },
      metrics: { record: () => {} },
    },
    operations,
  );
  return { handler, errors };
}

describe('routing', () => {
  it.each(ROUTES.map(({ operationId }) => operationId))(
    'runs %s for its sample request',
    async (operationId) => {
      const api = createApi();
      const answer = await api.call(operationId);
      expect(answer.body.errors).toBeUndefined();
      expect(answer.status).toBeLessThan(300);
      expect(api.requests.map((request) => request.operationId)).toEqual([operationId]);
    },
  );

  it.each([
    '/v1/nothing',
    '/v1',
    '/',
    '/v2/products',
    '/v1/products/',
    '/v1/products/KEYBOARD-01/',
    '/v1/products/KEYBOARD-01/more',
    '/v1/tenants/acme',
    '/v1/transfers',
    '/v1/imports',
    '/v1/forecasts/KEYBOARD-01',
    '/v1/stock/KEYBOARD-01/shares',
    '/v1/reservations//confirm',
  ])('answers 404 for %s, with and without a key', async (path) => {
    const api = createApi();
    for (const headers of [{}, { Authorization: 'Bearer all' }]) {
      for (const method of ['GET', 'POST', 'HEAD', 'OPTIONS']) {
        const answer = await api.send({ method, path, headers });
        expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
      }
    }
  });

  it.each([
    ['PATCH', '/v1/products/KEYBOARD-01', 'DELETE, GET, PUT'],
    ['HEAD', '/v1/products/KEYBOARD-01', 'DELETE, GET, PUT'],
    ['OPTIONS', '/v1/reservations', 'GET, POST'],
    ['DELETE', '/v1/reservations', 'GET, POST'],
    ['GET', '/v1/stock/batch-get', 'POST'],
    ['POST', '/v1/stock/KEYBOARD-01', 'GET'],
    ['POST', '/v1/health', 'GET'],
    ['TRACE', '/v1/tenants/acme/keys', 'POST'],
  ])('answers 405 for %s %s and names %s, before it asks for a key', async (method, path, allow) => {
    const answer = await createApi().send({ method, path });
    expect([answer.status, answer.body.code]).toEqual([405, 'method_not_allowed']);
    expect(answer.headers['Allow']).toBe(allow);
  });

  it('does not let a header change the method', async () => {
    const answer = await createApi().send({
      method: 'POST',
      path: '/v1/health',
      headers: { 'X-HTTP-Method-Override': 'GET' },
    });
    expect(answer.status).toBe(405);
  });

  it.each([
    ['GET', 404],
    ['PATCH', 404],
  ])('does not follow a gateway that overlooks a trailing slash: %s', async (method, status) => {
    const { handler } = bareHandler([operation(listLocationsContract).runs(async () => EMPTY_PAGE)]);
    const event = { ...eventOf({ method, path: '/v1/locations' }), path: '/v1/locations/' };
    expect((await handler(event)).statusCode).toBe(status);
  });

  it('takes a route that reached the wrong function for a fault of ours', async () => {
    const { handler, errors } = bareHandler([]);
    expect((await handler(eventOf({ path: '/v1/products' }))).statusCode).toBe(500);
    expect(errors).toHaveLength(1);
  });
});
