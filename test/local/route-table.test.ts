import { describe, expect, it } from 'vitest';
import { RouteTable } from '../../lib/local/gateway/route-table.ts';
import type { ApiRoute } from '../../lib/local/template/rest-api.ts';

const route = (methodAndResource: string): ApiRoute => {
  const [method = '', resource = ''] = methodAndResource.split(' ');
  const target = {} as ApiRoute['target'];
  return { method, resource, resourceId: resource, target, authorizer: undefined, needsKey: false };
};

const table = new RouteTable(
  [
    'ANY /',
    'GET /v1/stock/{sku}',
    'ANY /v1/stock/{sku}',
    'POST /v1/stock/batch-get',
    'POST /v1/orders/{id}/ship',
    'GET /v1/files/{name+}',
    'ANY /{proxy+}',
  ].map(route),
);

describe('a request', () => {
  it.each([
    ['GET /v1/stock/mug', 'GET /v1/stock/{sku}', { sku: 'mug' }],
    ['DELETE /v1/stock/mug', 'ANY /v1/stock/{sku}', { sku: 'mug' }],
    ['POST /v1/stock/batch-get', 'POST /v1/stock/batch-get', null],
    ['GET /v1/stock/a%2Fb%20c', 'GET /v1/stock/{sku}', { sku: 'a%2Fb%20c' }],
    ['POST /v1/orders/7/ship', 'POST /v1/orders/{id}/ship', { id: '7' }],
    ['POST /v1/orders/7/eat', 'ANY /{proxy+}', { proxy: 'v1/orders/7/eat' }],
    ['GET /v1/files/a/b/c', 'GET /v1/files/{name+}', { name: 'a/b/c' }],
    ['GET /v1/stock/', 'ANY /{proxy+}', { proxy: 'v1/stock/' }],
    ['GET /v1/files/', 'ANY /{proxy+}', { proxy: 'v1/files/' }],
    ['GET /v1', 'ANY /{proxy+}', { proxy: 'v1' }],
    ['GET /', 'ANY /', null],
    ['GET //', 'ANY /{proxy+}', { proxy: '/' }],
  ])('%s goes to %s', (request, expected, pathParameters) => {
    const [method = '', path = ''] = request.split(' ');
    const match = table.match(method, path);
    expect(`${match?.route.method} ${match?.route.resource}`).toBe(expected);
    expect(match?.pathParameters).toEqual(pathParameters);
  });

  it.each([
    ['the most specific resource lacks the verb', 'GET /v1/stock/batch-get'],
    ['no resource fits', 'POST /v1/files/a'],
  ])('has no route when %s', (_, request) => {
    const [method = '', path = ''] = request.split(' ');
    expect(table.match(method, path)).toBeUndefined();
  });
});
