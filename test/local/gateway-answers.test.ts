import { describe, expect, it } from 'vitest';
import { gatewayError } from '../../lib/local/gateway/gateway-error.ts';
import { proxyResponse } from '../../lib/local/gateway/proxy-response.ts';

const EVERYTHING_BINARY = { binaryMediaTypes: ['*/*'], accept: undefined };
const NOTHING_BINARY = { binaryMediaTypes: [], accept: undefined };

describe("a function's answer", () => {
  it('is sent with its status, headers and body', () => {
    const answer = proxyResponse(
      {
        statusCode: 201,
        headers: { 'X-One': 1, 'x-many': 'overruled', 'Content-Type': 'text/plain' },
        multiValueHeaders: { 'X-Many': ['a', 'b'] },
        body: 'ünï',
      },
      EVERYTHING_BINARY,
    );
    expect(answer?.status).toBe(201);
    expect(answer?.headers).toEqual([
      ['X-One', '1'],
      ['Content-Type', 'text/plain'],
      ['X-Many', 'a'],
      ['X-Many', 'b'],
    ]);
    expect(answer?.body.toString()).toBe('ünï');
  });

  it('is JSON when the function does not say what it is', () => {
    expect(proxyResponse({ statusCode: '200' }, NOTHING_BINARY)?.headers).toEqual([
      ['Content-Type', 'application/json'],
    ]);
  });

  it('loses the headers that the gateway sets itself', () => {
    const headers = { 'Content-Length': '999', Connection: 'close', 'Content-Type': 'text/plain' };
    const answer = proxyResponse({ statusCode: 200, headers }, NOTHING_BINARY);
    expect(answer?.headers).toEqual([['Content-Type', 'text/plain']]);
  });

  it.each([
    ['all types are binary', EVERYTHING_BINARY, 'abc'],
    [
      'the client accepts a binary type',
      { binaryMediaTypes: ['image/png'], accept: 'image/png;q=1, text/html' },
      'abc',
    ],
    ['the client accepts another type', { binaryMediaTypes: ['image/png'], accept: 'text/html' }, 'YWJj'],
    ['no type is binary', NOTHING_BINARY, 'YWJj'],
  ])('in base64: when %s, the body is %#', (_, options, body) => {
    const answer = proxyResponse({ statusCode: 200, body: 'YWJj', isBase64Encoded: true }, options);
    expect(answer?.body.toString()).toBe(body);
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ statusCode: 'many' }],
    [{ statusCode: 99 }],
    [{ statusCode: 200, body: { an: 'object' } }],
    [{ statusCode: 200, headers: { 'bad name': 'x' } }],
    [{ statusCode: 200, headers: { name: 'two\r\nlines' } }],
    [{ statusCode: 200, body: 'x'.repeat(6 * 1024 * 1024 + 1) }],
  ])('that is malformed is none: case %#', (value) => {
    expect(proxyResponse(value, NOTHING_BINARY)).toBeUndefined();
  });
});

describe("the gateway's own answer", () => {
  it.each([
    ['REQUEST_TOO_LARGE', 413, 'Request Too Long'],
    ['FUNCTION_ERROR', 502, 'Internal server error'],
    ['INTEGRATION_TIMEOUT', 504, 'Endpoint request timed out'],
    ['MISSING_AUTHENTICATION_TOKEN', 403, 'Missing Authentication Token'],
  ] as const)('%s is %d unless the template shapes it', (type, status, message) => {
    const answer = gatewayError(type, 'id-1', new Map());
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body.toString())).toEqual({ message });
  });

  it('follows the template: first the entry of its type, then that of its family', () => {
    const shape = (status: number) => ({
      status,
      headers: { 'X-Request-Id': 'context.requestId', 'Content-Type': "'application/problem+json'" },
      body: '{"id":"$context.requestId","why":$context.error.messageString}',
    });
    const responses = new Map([
      ['DEFAULT_5XX', shape(500)],
      ['INTEGRATION_TIMEOUT', shape(599)],
    ]);
    expect(gatewayError('INTEGRATION_TIMEOUT', 'id-1', responses).status).toBe(599);
    const answer = gatewayError('FUNCTION_ERROR', 'id-1', responses);
    expect(answer.status).toBe(500);
    expect(answer.headers).toEqual([
      ['X-Request-Id', 'id-1'],
      ['Content-Type', 'application/problem+json'],
    ]);
    expect(JSON.parse(answer.body.toString())).toEqual({ id: 'id-1', why: 'Internal server error' });
  });
});
