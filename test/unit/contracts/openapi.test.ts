import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { ENDPOINTS, problemsOf } from '../../../lib/contracts/endpoints.ts';
import { createOpenApi } from '../../../lib/contracts/openapi.ts';
import { PROBLEMS } from '../../../lib/contracts/problems.ts';
import { SAMPLE_ANSWERS } from '../../handlers/sample-answers.ts';
import { SAMPLE_REQUESTS } from '../../handlers/sample-requests.ts';
import { lintProblems } from '../../support/redocly.ts';

interface Described {
  readonly operationId: string;
  readonly security: object[];
  readonly parameters?: readonly { readonly $ref?: string; readonly name?: string; readonly in?: string }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Record<string, { readonly schema: object }>;
  };
  readonly responses: Record<
    string,
    { readonly content?: Record<string, { readonly schema: object; readonly examples?: object }> }
  >;
}

const document = createOpenApi({ version: '1.2.3', serverUrl: '' });
const text = JSON.stringify(document);
const paths = document.paths as unknown as Record<string, Record<string, Described>>;

const described = ({ route }: (typeof ENDPOINTS)[number]): Described => {
  const found = paths[route.path]?.[route.method.toLowerCase()];
  if (found === undefined) throw new Error(`${route.operationId} is not described.`);
  return found;
};

const all = ENDPOINTS.map((endpoint) => [endpoint.route.operationId, endpoint] as const);

describe('the OpenAPI document', () => {
  it('passes the linter without a word', () => {
    expect(lintProblems(document)).toEqual([]);
  });

  it('describes every route and nothing else', () => {
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.toSorted()).toEqual(
      ENDPOINTS.map(({ route }) => `${route.method} ${route.path}`).toSorted(),
    );
  });

  it('does not speak of what later releases bring', () => {
    const fields = /backorderLimit|reorderPolicy|"bundle"|allowBackorder|unitCost|expiresOn|"lot"/;
    const routes = /\/(transfers|imports|exports|forecasts|analytics|models)\b/;
    expect([fields.exec(text), routes.exec(text)]).toEqual([null, null]);
  });

  it.each(all)('%s has its scopes, its headers and its problems', (operationId, endpoint) => {
    const { route, contract } = endpoint;
    const operation = described(endpoint);
    expect(operation.operationId).toBe(operationId);
    expect(operation.security.length === 0).toBe(route.access === 'public');
    const names = (operation.parameters ?? []).map(({ $ref, name }) => $ref?.split('/').at(-1) ?? name);
    expect(names.includes('Idempotency-Key')).toBe(route.idempotent);
    expect(names.includes('If-Match')).toBe(contract.versioned === true);
    const codes = Object.values(operation.responses).flatMap(({ content }) =>
      Object.keys(content?.['application/problem+json']?.examples ?? {}),
    );
    expect(codes.toSorted()).toEqual(problemsOf(endpoint).toSorted());
    for (const code of problemsOf(endpoint))
      expect(operation.responses).toHaveProperty(String(PROBLEMS[code].status));
  });

  it('says which answers may be kept for a moment, and how to ask for them again', () => {
    const cacheable = all.filter(([, { contract }]) => contract.cacheable);
    expect(cacheable.map(([operationId]) => operationId)).toEqual(['getStock']);
    for (const [, endpoint] of cacheable) {
      const { parameters = [], responses } = described(endpoint);
      expect(parameters.map(({ name }) => name)).toContain('If-None-Match');
      for (const status of ['200', '304']) {
        const names = Object.keys((responses[status] as { headers?: object }).headers ?? {});
        expect(names).toEqual(expect.arrayContaining(['ETag', 'Cache-Control']));
      }
    }
  });

  it.each([
    ['', '/'],
    ['/live', '/live'],
  ])('names %s as its server', (serverUrl, url) => {
    expect(createOpenApi({ version: '1', serverUrl }).servers).toMatchObject([{ url }]);
  });
});

describe('its schemas', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'openapi', components: document.components });
  const accepts = (schema: object | undefined, value: unknown): boolean => {
    const local = JSON.parse(JSON.stringify(schema ?? false).replaceAll('"#/', '"openapi#/'));
    return ajv.validate(local, value);
  };

  it.each(all)('accept the samples of %s', (operationId, endpoint) => {
    const { requestBody, responses } = described(endpoint);
    const request = SAMPLE_REQUESTS[operationId];
    const answer = SAMPLE_ANSWERS[operationId];
    if (requestBody !== undefined) {
      expect(accepts(requestBody.content['application/json']?.schema, request?.body)).toBe(true);
      expect(accepts(requestBody.content['application/json']?.schema, { unknown: 1 })).toBe(false);
    }
    const content = responses[String(answer?.status)]?.content;
    if (content === undefined) expect(answer?.body).toBeUndefined();
    else expect(accepts(Object.values(content)[0]?.schema, answer?.body)).toBe(true);
  });

  it.each([
    ['receipt', 1, true],
    ['receipt', 0, false],
    ['write_off', -1, false],
    ['adjustment', -1, true],
    ['adjustment', 0, false],
    ['count', 0, true],
    ['count', -1, false],
  ])('know that a %s of %i is %s', (type, quantity, isGood) => {
    const schema = { $ref: '#/components/schemas/MovementInput' };
    expect(accepts(schema, { type, sku: 'A', locationId: 'b', quantity })).toBe(isGood);
  });

  it('let answers gain fields', () => {
    const product = SAMPLE_ANSWERS['getProduct']?.body;
    expect(accepts({ $ref: '#/components/schemas/Product' }, { ...(product as object), later: 1 })).toBe(
      true,
    );
  });
});
