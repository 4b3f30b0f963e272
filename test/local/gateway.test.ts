import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedStack } from '../../lib/local/embedded-stack.ts';
import { startEmbeddedStack } from '../../lib/local/start.ts';
import { FIXTURE } from './fixtures/fixture-stack.ts';
import { clientOf } from './fixtures/stack-client.ts';

let stack: EmbeddedStack;
let client: ReturnType<typeof clientOf>;
const output: string[] = [];

beforeAll(async () => {
  const onOutput = (line: string) => output.push(line);
  stack = await startEmbeddedStack({ ...FIXTURE, regions: ['us-east-1'], port: 0, controlPort: 0, onOutput });
  client = clientOf(stack);
});
afterAll(() => stack?.stop());

/** Sends headers exactly as given, which `fetch` does not. */
function rawGet(path: string, headers: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${client.apiOf()}${path}`, { headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(text);
    });
    outgoing.once('error', reject).end();
  });
}

describe('the event of a request', () => {
  it('is that of a REST API', async () => {
    const { port } = stack.regions[0] ?? {};
    const headers = [
      'Host',
      'shop.example',
      'X-Twice',
      'a',
      'x-twice',
      'b',
      'User-Agent',
      'test',
      'X-Forwarded-For',
      '1.2.3.4',
    ];
    const text = await rawGet('/things/a%2Fb%20c?x=1&x=2&y=%20z&empty=', headers);
    expect(JSON.parse(text).event).toEqual({
      resource: '/v1/things/{thingId}',
      path: '/v1/things/a%2Fb%20c',
      httpMethod: 'GET',
      headers: {
        Host: 'shop.example',
        'X-Twice': 'b',
        'User-Agent': 'test',
        'X-Forwarded-For': '1.2.3.4, 127.0.0.1',
        'X-Forwarded-Port': String(port),
        'X-Forwarded-Proto': 'http',
        'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      },
      multiValueHeaders: expect.objectContaining({ 'X-Twice': ['a', 'b'], 'User-Agent': ['test'] }),
      queryStringParameters: { x: '2', y: ' z', empty: '' },
      multiValueQueryStringParameters: { x: ['1', '2'], y: [' z'], empty: [''] },
      pathParameters: { thingId: 'a%2Fb%20c' },
      stageVariables: null,
      requestContext: {
        accountId: '000000000000',
        apiId: expect.any(String),
        authorizer: null,
        domainName: 'shop.example',
        domainPrefix: expect.any(String),
        extendedRequestId: expect.any(String),
        httpMethod: 'GET',
        identity: expect.objectContaining({ sourceIp: '127.0.0.1', userAgent: 'test', user: null }),
        path: '/prod/v1/things/a%2Fb%20c',
        protocol: 'HTTP/1.1',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/20\d\d:\d\d:\d\d:\d\d \+0000$/),
        requestTimeEpoch: expect.any(Number),
        resourceId: expect.any(String),
        resourcePath: '/v1/things/{thingId}',
        stage: 'prod',
      },
      body: null,
      isBase64Encoded: false,
    });
  });

  it.each([
    ['text/plain', 'ünï', false],
    ['application/octet-stream', Buffer.from('ünï').toString('base64'), true],
    ['application/octet-stream; v=1', Buffer.from('ünï').toString('base64'), true],
  ])('has a body of type %s as %j', async (type, body, isBase64Encoded) => {
    const answer = await client.get('/any', {
      method: 'PUT',
      body: 'ünï',
      headers: { 'Content-Type': type },
    });
    expect(answer.body.event).toMatchObject({
      httpMethod: 'PUT',
      resource: '/v1/any',
      body,
      isBase64Encoded,
    });
  });

  it('has null for a query and parameters that are not there', async () => {
    const { event } = (await client.get('/any')).body;
    expect(event).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
    });
  });
});

describe('the gateway answers by itself', () => {
  it('403 when the resource lacks the verb', async () => {
    const answer = await client.get('/do');
    expect(answer).toMatchObject({ status: 403, body: { message: 'Missing Authentication Token' } });
  });

  it.each([
    ['over 10 MB', 10 * 1024 * 1024 + 1],
    ['over the 6 MB that Lambda takes', 7 * 1024 * 1024],
  ])('413 to a body %s, and serves the next request', async (_, bytes) => {
    const answer = await client.get('/any', { method: 'POST', body: 'x'.repeat(bytes) });
    expect(answer).toMatchObject({ status: 413, body: { message: 'Request Too Long' } });
    expect((await client.get('/any')).status).toBe(200);
  });

  it.each(['throw', 'exit', 'malformed', 'hang', 'spin'])(
    '502 when the function does this: %s',
    async (what) => {
      const answer = await client.order({ do: what });
      expect(answer).toMatchObject({ status: 502, body: { message: 'Internal server error' } });
      expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('and says on its output what the function did', () => {
    expect(output).toContainEqual(
      expect.stringMatching(/-web in us-east-1 failed: TypeError: as asked for\n/),
    );
    expect(output).toContainEqual(expect.stringMatching(/-web in us-east-1 timed out after 2 s\./));
  });
});

it('answers HEAD without a body, and keeps connections', async () => {
  const response = await fetch(`${client.apiOf()}/any`, { method: 'HEAD' });
  expect(response.status).toBe(200);
  expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
  expect(await response.text()).toBe('');
});
