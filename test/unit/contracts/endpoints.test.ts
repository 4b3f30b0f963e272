import { describe, expect, it } from 'vitest';
import type { RouteAccess } from '../../../lib/config/routes.ts';
import { ROUTES } from '../../../lib/config/routes.ts';
import { CONTRACTS, ENDPOINTS, problemsOf } from '../../../lib/contracts/endpoints.ts';
import type { CallerKind } from '../../../lib/contracts/operation-contract.ts';
import { PROBLEM_CODES } from '../../../lib/contracts/problems.ts';

const CALLERS: Record<RouteAccess, CallerKind> = {
  public: 'anyone',
  read: 'tenant',
  write: 'tenant',
  admin: 'tenant',
  operator: 'operator',
  readOrOperator: 'tenantOrOperator',
  adminOrOperator: 'tenantOrOperator',
};

describe('contracts and routes', () => {
  it('are the same operations', () => {
    const contracts = CONTRACTS.map(({ operationId }) => operationId);
    expect(contracts.toSorted()).toEqual(ROUTES.map(({ operationId }) => operationId).toSorted());
  });

  it.each(ENDPOINTS.map(({ route, contract }) => [route.operationId, route, contract] as const))(
    'agree on %s',
    (_operationId, route, contract) => {
      expect(contract.operationId).toBe(route.operationId);
      expect(contract.caller).toBe(CALLERS[route.access]);
      expect(contract.idempotent ?? false).toBe(route.idempotent);
      const params = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(contract.params?.shape ?? {})).toEqual(params);
      expect(contract.body !== undefined).toBe(route.method === 'POST' || route.method === 'PUT');
    },
  );

  it('agree on which answers carry a version', () => {
    const versioned = CONTRACTS.filter(({ versioned }) => versioned).map(({ operationId }) => operationId);
    expect(versioned).toEqual([
      'putProduct',
      'getProduct',
      'archiveProduct',
      'putLocation',
      'getLocation',
      'putWebhook',
      'getWebhook',
      'deleteWebhook',
    ]);
  });
});

describe('the problems of an endpoint', () => {
  const codesOf = (operationId: string) => {
    const endpoint = ENDPOINTS.find(({ route }) => route.operationId === operationId);
    return endpoint === undefined ? [] : problemsOf(endpoint);
  };

  it('are listed in order of precedence, each once', () => {
    for (const endpoint of ENDPOINTS) {
      const order = problemsOf(endpoint).map((code) => PROBLEM_CODES.indexOf(code));
      expect(order).toEqual([...new Set(order)].toSorted((a, b) => a - b));
    }
  });

  it('are those of its input, its caller and its use case', () => {
    expect(codesOf('getHealth')).toEqual(['rate_limited', 'validation_failed', 'internal_error']);
    expect(codesOf('getReservation')).toEqual([
      'not_found',
      'unauthenticated',
      'forbidden',
      'rate_limited',
      'validation_failed',
      'region_unavailable',
      'internal_error',
    ]);
    expect(codesOf('reserveStock')).toEqual([
      'unauthenticated',
      'forbidden',
      'rate_limited',
      'payload_too_large',
      'unsupported_media_type',
      'invalid_json',
      'validation_failed',
      'not_supported',
      'idempotency_key_required',
      'idempotency_key_invalid',
      'idempotency_key_reused',
      'unknown_sku',
      'unknown_location',
      'insufficient_stock',
      'too_many_allocations',
      'contended',
      'region_unavailable',
      'internal_error',
    ]);
  });
});
