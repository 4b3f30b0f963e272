/** Keys at the front door of the whole service: new ones, revoked ones, none, and a database that cannot be asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemDocument } from '../../lib/contracts/problem-document.ts';
import { type Answer, Caller, startTestStack, type TestStack } from './stack.ts';

let test: TestStack;

beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(() => test?.stack.stop());

async function newKey(): Promise<{ readonly keyId: string; readonly caller: Caller }> {
  const { body } = await test.operator.expect(201, 'POST /tenants/rival/keys', { scopes: ['read'] });
  return { keyId: body.keyId, caller: new Caller(test.stack.regions[0]?.api ?? '', body.secret) };
}

function expectProblem({ status, headers, body }: Answer, code: string): void {
  const document = problemDocument.parse(body);
  expect(document).toMatchObject({ code, status });
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-request-id')).toBe(document.requestId);
}

interface Metered {
  readonly name: string;
  readonly requests: number;
}

/** How often a function that was made for this purpose has been asked since the meter was reset. */
async function authorizerCalls(): Promise<number> {
  const { body } = await test.control.expect(200, 'GET /meter');
  const metered: Metered[] = body.operations.filter(({ name }: Metered) => /authorizer/i.test(name));
  return metered.reduce((sum, { requests }) => sum + requests, 0);
}

describe('a key', () => {
  it('works at once when it is new', async () => {
    const made = await newKey();
    await made.caller.expect(200, 'GET /products');
  });

  it('stops within a minute of being revoked, and not because the gateway forgot everybody', async () => {
    const { keyId, caller } = await newKey();
    await caller.expect(200, 'GET /products');
    await test.operator.expect(204, `DELETE /keys/${keyId}`);
    await test.control.expect(200, 'POST /clock', { advanceMs: 60_000 });
    expectProblem(await caller.expect(401, 'GET /products'), 'unauthenticated');
    await test.rival.expect(200, 'GET /products');
  });

  it('is looked up once for many requests, and again after a quarter of a minute', async () => {
    const { caller } = await newKey();
    await test.control.expect(200, 'DELETE /meter');
    for (let request = 0; request < 5; request += 1) await caller.expect(200, 'GET /products');
    expect(await authorizerCalls()).toBe(1);
    await test.control.expect(200, 'POST /clock', { advanceMs: 16_000 });
    await caller.expect(200, 'GET /products');
    expect(await authorizerCalls()).toBe(2);
  });

  it('is remembered by the gateway while every function is killed', async () => {
    const { caller } = await newKey();
    await caller.expect(200, 'GET /products');
    await test.control.call('POST /regions/us-east-1/crash');
    await caller.expect(200, 'GET /products');
    await test.control.expect(200, 'POST /clock', { advanceMs: 16_000 });
    await caller.expect(200, 'GET /products');
  });
});

describe('without a good key', () => {
  it.each([
    ['none', undefined],
    ["one that is nobody's", 'hf.nonsense'],
    ['two words', 'two words'],
  ])('%s is 401, as the functions say it', async (_case, key) => {
    const answer = await test.nobody.expect(401, 'GET /products', undefined, { key });
    expectProblem(answer, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="holdfast"');
    expect(answer.headers.get('retry-after')).toBeNull();
  });

  it('a path or a verb that does not exist is said first', async () => {
    await test.nobody.expect(404, 'GET /nothing');
    const wrong = await test.nobody.expect(405, 'PUT /products');
    expect(wrong.headers.get('allow')).toBe('GET');
    await test.nobody.expect(200, 'GET /health');
  });

  it('a body is not read: 401 comes before 413, 415 and 400', async () => {
    for (const rawBody of ['x'.repeat(70_000), '{']) {
      await test.nobody.expect(401, 'POST /reservations', undefined, { rawBody });
    }
  });
});

describe('a database that cannot be asked', () => {
  it('is 503 and not 401: the key may be good', async () => {
    const { caller } = await newKey();
    await test.control.call('POST /faults', { operation: 'GetItem', rate: 1, kind: 'error_500' });
    const answer = await caller.expect(503, 'GET /products');
    await test.control.call('DELETE /faults');
    expectProblem(answer, 'region_unavailable');
    expect(answer.headers.get('retry-after')).toBe('1');
    await caller.expect(200, 'GET /products');
  }, 60_000);
});
