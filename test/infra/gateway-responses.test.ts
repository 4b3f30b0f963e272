import { describe, expect, it } from 'vitest';
import { FIREWALL_PROBLEMS } from '../../lib/constructs/firewall-rules.ts';
import { type ProblemDocument, problemDocument, problemType } from '../../lib/contracts/problem-document.ts';
import { PROBLEMS } from '../../lib/contracts/problems.ts';
import { createApi } from '../handlers/api.ts';
import { onlyResource, resourcesOf, synthesizeOne } from './synthesis.ts';

interface ResponseProperties {
  readonly ResponseType: string;
  readonly StatusCode: string;
  readonly ResponseParameters: Record<string, string>;
  readonly ResponseTemplates: Record<string, string>;
}

const stack = synthesizeOne();
const responses = new Map(
  resourcesOf<ResponseProperties>(stack, 'AWS::ApiGateway::GatewayResponse').map(({ properties }) => {
    const document = problemDocument.parse(
      JSON.parse(properties.ResponseTemplates['application/json'] ?? ''),
    );
    const headers = Object.entries(properties.ResponseParameters).map(([name, value]) => [
      name.replace('gatewayresponse.header.', ''),
      value.replaceAll("'", ''),
    ]);
    return [
      properties.ResponseType,
      { document, status: properties.StatusCode, headers: Object.fromEntries(headers) },
    ];
  }),
);

/** What of a problem is the same wherever it is answered. */
const kindOf = ({ type, title, status, code }: ProblemDocument) => ({ type, title, status, code });

describe('what the gateway answers by itself', () => {
  it.each([
    ['UNAUTHORIZED', 401, 'unauthenticated'],
    ['ACCESS_DENIED', 403, 'forbidden'],
    ['INVALID_API_KEY', 403, 'forbidden'],
    ['WAF_FILTERED', 403, 'forbidden'],
    ['MISSING_AUTHENTICATION_TOKEN', 404, 'not_found'],
    ['RESOURCE_NOT_FOUND', 404, 'not_found'],
    ['REQUEST_TOO_LARGE', 413, 'payload_too_large'],
    ['UNSUPPORTED_MEDIA_TYPE', 415, 'unsupported_media_type'],
    ['THROTTLED', 429, 'rate_limited'],
    ['QUOTA_EXCEEDED', 429, 'rate_limited'],
    ['AUTHORIZER_FAILURE', 503, 'region_unavailable'],
    ['AUTHORIZER_CONFIGURATION_ERROR', 503, 'region_unavailable'],
    ['DEFAULT_4XX', 400, 'validation_failed'],
    ['DEFAULT_5XX', 500, 'internal_error'],
  ] as const)('%s is %d %s', (type, status, code) => {
    const answer = responses.get(type);
    expect(answer?.document).toMatchObject({ status, code, requestId: '$context.requestId' });
    expect(answer?.status).toBe(String(status));
    expect(answer?.headers).toMatchObject({ 'X-Request-Id': 'context.requestId' });
    expect(answer?.headers['Retry-After']).toBe(status === 429 || status === 503 ? '1' : undefined);
  });

  it('is nothing else', () => {
    expect(responses.size).toBe(14);
  });

  it('has the type, title and status of the catalogue', () => {
    const documents = [...responses.values()].map(({ document }) => document);
    for (const document of documents) {
      const { status, title } = PROBLEMS[document.code];
      expect(kindOf(document)).toEqual({
        type: problemType(document.code),
        title,
        status,
        code: document.code,
      });
    }
  });
});

const authorized = { Authorization: 'Bearer all' };
const tooLong = { body: 'x'.repeat(70_000) };

/** The same problems, as the functions answer them. */
const ANSWERED = {
  UNAUTHORIZED: () =>
    createApi().call('getProduct', { headers: { Authorization: ['Bearer all', 'Bearer all'] } }),
  ACCESS_DENIED: () => createApi().call('getProduct', { headers: { Authorization: 'Bearer write' } }),
  RESOURCE_NOT_FOUND: () => createApi().send({ path: '/v1/none', headers: authorized }),
  REQUEST_TOO_LARGE: () => createApi().call('reserveStock', tooLong),
  UNSUPPORTED_MEDIA_TYPE: () =>
    createApi().call('reserveStock', { headers: { 'Content-Type': 'text/plain' } }),
  AUTHORIZER_FAILURE: () => {
    const api = createApi();
    api.results.set('getProduct', { problem: 'region_unavailable', detail: 'No.' });
    return api.call('getProduct');
  },
  THROTTLED: () => {
    const api = createApi();
    api.results.set('getProduct', { problem: 'rate_limited', detail: 'No.' });
    return api.call('getProduct');
  },
  DEFAULT_5XX: () => {
    const api = createApi();
    api.results.set('getProduct', () => {
      throw new Error('a bug');
    });
    return api.call('getProduct');
  },
} as const;

/** They tell one another's words only where there is one thing to say. */
const SAME_DETAIL: readonly string[] = [
  'UNAUTHORIZED',
  'RESOURCE_NOT_FOUND',
  'REQUEST_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
];

describe('a problem', () => {
  it.each(Object.entries(ANSWERED))(
    'is the same from the gateway and from a function: %s',
    async (type, ask) => {
      const answer = await ask();
      const gateway = responses.get(type);
      expect(kindOf(answer.body)).toEqual(kindOf(gateway?.document as ProblemDocument));
      expect(Object.keys(answer.body)).toEqual(Object.keys(gateway?.document ?? {}));
      const ownHeaders = { ...answer.headers, 'X-Request-Id': 'context.requestId' };
      expect(gateway?.headers).toEqual(ownHeaders);
      if (SAME_DETAIL.includes(type)) expect(gateway?.document.detail).toBe(answer.body.detail);
    },
  );
});

describe('what the firewall answers', () => {
  const { properties } = onlyResource<{
    CustomResponseBodies: Record<string, { ContentType: string; Content: string }>;
  }>(stack, 'AWS::WAFv2::WebACL');

  it.each(Object.keys(FIREWALL_PROBLEMS))('is a problem of the catalogue: %s', (name) => {
    const { ContentType, Content = '' } = properties.CustomResponseBodies[name] ?? {};
    const document = problemDocument.parse(JSON.parse(Content));
    const { status, title } = PROBLEMS[document.code];
    expect(document).toMatchObject({ type: problemType(document.code), status, title, requestId: 'unknown' });
    expect(ContentType).toBe('APPLICATION_JSON');
  });

  it('is what the functions say of a body that is too long', async () => {
    const { detail } = JSON.parse(properties.CustomResponseBodies['payload-too-large']?.Content ?? '');
    expect((await ANSWERED.REQUEST_TOO_LARGE()).body.detail).toBe(detail);
  });
});
