import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../lib/config/routes.ts';
import { createApi } from './api.ts';

const REFUSED = { admitted: false, retryAfterMs: 1_200 } as const;

const refusing = () => {
  const asked: string[] = [];
  const api = createApi({
    admit: async ({ tenantId, tier }) => {
      asked.push(`${tenantId} ${tier}`);
      return REFUSED;
    },
  });
  return { api, asked };
};

const tenantRoutes = ROUTES.filter(({ access }) => access !== 'public' && access !== 'operator');

describe('a tenant over its rate', () => {
  it.each(tenantRoutes.map(({ operationId }) => operationId))('is refused %s', async (operationId) => {
    const { api, asked } = refusing();
    const answer = await api.call(operationId);
    expect([answer.status, answer.body.code]).toEqual([429, 'rate_limited']);
    expect(answer.headers['Retry-After']).toBe('2');
    expect(answer.headers['Content-Type']).toBe('application/problem+json');
    expect(answer.body.detail).toContain('Nothing was done');
    expect(asked).toEqual(['acme standard']);
    expect(api.requests).toEqual([]);
  });

  it('is told to wait a second at least', async () => {
    const api = createApi({ admit: async () => ({ admitted: false, retryAfterMs: 0 }) });
    expect((await api.call('getProduct')).headers['Retry-After']).toBe('1');
  });

  it('is told that before anything is said of its request', async () => {
    const { api } = refusing();
    const answer = await api.call('reserveStock', { headers: { 'Idempotency-Key': [] }, body: '{' });
    expect(answer.status).toBe(429);
  });
});

describe('the rate of a tenant', () => {
  it('is not touched by a key that nobody has, or that may not', async () => {
    const { api, asked } = refusing();
    const unknown = await api.call('getProduct', { headers: { Authorization: 'Bearer nobody' } });
    const lacking = await api.call('putProduct', { headers: { Authorization: 'Bearer read' } });
    expect([unknown.status, lacking.status, asked]).toEqual([401, 403, []]);
  });

  it('is not asked for operators, nor where no key is needed', async () => {
    const { api, asked } = refusing();
    const operator = await api.call('createTenant', { headers: { Authorization: 'Bearer operator' } });
    const anyone = await api.call('getHealth');
    expect([operator.status, anyone.status, asked]).toEqual([201, 200, []]);
  });

  it('is counted as unchecked when it cannot be asked, and the request is served', async () => {
    const api = createApi({ admit: async () => ({ admitted: true, unchecked: true }) });
    expect((await api.call('getProduct')).status).toBe(200);
    expect(api.measures).toMatchObject([{ unchecked: true, status: 200 }]);
  });
});
