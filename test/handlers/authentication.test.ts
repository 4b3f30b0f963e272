import { describe, expect, it } from 'vitest';
import { ROUTES, type Route, type RouteAccess } from '../../lib/config/routes.ts';
import { createApi, PRINCIPALS } from './api.ts';

const MAY: Record<RouteAccess, readonly string[]> = {
  public: ['read', 'write', 'admin', 'all', 'operator'],
  read: ['read', 'all'],
  write: ['write', 'all'],
  admin: ['admin', 'all'],
  operator: ['operator'],
  readOrOperator: ['read', 'all', 'operator'],
  adminOrOperator: ['admin', 'all', 'operator'],
};

const matrix = ROUTES.flatMap((route) => Object.keys(PRINCIPALS).map((token) => ({ route, token })));
const idOf = ({ operationId }: Route) => operationId;

describe('who may call what', () => {
  it.each(matrix.map(({ route, token }) => [token, idOf(route), route.access] as const))(
    'key %s on %s',
    async (token, operationId, access) => {
      const api = createApi();
      const answer = await api.call(operationId, { headers: { Authorization: `Bearer ${token}` } });
      if (MAY[access].includes(token)) {
        expect(answer.status).toBeLessThan(300);
        return;
      }
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
      expect(api.requests).toEqual([]);
    },
  );
});

describe('without a good key', () => {
  const protectedRoutes = ROUTES.filter(({ access }) => access !== 'public').map(idOf);

  it.each(protectedRoutes)('%s is 401', async (operationId) => {
    const api = createApi();
    const answer = await api.call(operationId, { headers: { Authorization: [] } });
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    expect(answer.headers['WWW-Authenticate']).toBe('Bearer realm="holdfast"');
    expect(api.requests).toEqual([]);
  });

  it.each([
    ['empty', ''],
    ['scheme only', 'Bearer'],
    ['scheme and space', 'Bearer '],
    ['another scheme', 'Basic all'],
    ['no scheme', 'all'],
    ['two words', 'Bearer all read'],
    ['unknown key', 'Bearer nobody'],
    ['a control character', 'Bearer al\u0000l'],
    ['not ASCII', 'Bearer äll'],
    ['quoted', 'Bearer "all"'],
    ['in a list', 'Bearer all, Bearer all'],
    ['sent twice', ['Bearer all', 'Bearer all']],
  ])('refuses a header that is %s', async (_name, Authorization) => {
    const answer = await createApi().call('getProduct', { headers: { Authorization } });
    expect(answer.status).toBe(401);
  });

  it.each(['bearer all', 'BEARER all', 'Bearer   all', 'Bearer all '])(
    'accepts "%s"',
    async (Authorization) => {
      expect((await createApi().call('getProduct', { headers: { Authorization } })).status).toBe(200);
    },
  );

  it('finds the header whatever the case of its name', async () => {
    const headers = { Authorization: [], authorization: 'Bearer all' };
    expect((await createApi().call('getProduct', { headers })).status).toBe(200);
  });

  it('does not ask the database for what no key can be', async () => {
    const asked: string[] = [];
    const authenticate = async (token: string) => {
      asked.push(token);
      return undefined;
    };
    const answer = await createApi({ authenticate }).call('getProduct', {
      headers: { Authorization: `Bearer ${'x'.repeat(16_384)}` },
    });
    expect([answer.status, asked]).toEqual([401, []]);
  });

  it('ignores a key in the query and a tenant in a header', async () => {
    const inQuery = await createApi().call('listProducts', {
      headers: { Authorization: [] },
      query: { api_key: 'all' },
    });
    expect(inQuery.status).toBe(401);
    const api = createApi();
    await api.call('getProduct', { headers: { 'X-Tenant-Id': 'rival', 'X-Forwarded-For': '127.0.0.1' } });
    expect(api.requests[0]?.request.principal).toMatchObject({ tenantId: 'acme' });
  });

  it('is a fault of ours, not a guess, when a route has lost its authorizer', async () => {
    const api = createApi();
    const answer = await api.sendPast({ path: '/v1/products/mug', headers: { Authorization: 'Bearer all' } });
    expect([answer.status, answer.body.code]).toEqual([500, 'internal_error']);
    expect(api.requests).toEqual([]);
    expect(api.errors).toMatchObject([{ message: expect.stringContaining('lacks its authorizer') }]);
  });

  it('does not ask for a key where none is needed', async () => {
    const authenticate = () => Promise.reject(new Error('must not be called'));
    const answer = await createApi({ authenticate }).call('getHealth', {
      headers: { Authorization: 'Bearer x' },
    });
    expect(answer.status).toBe(200);
  });
});
