import { describe, expect, it } from 'vitest';
import type { AnyResult } from '../../lambdas/http/operation.ts';
import { rejectionProblem } from '../../lambdas/http/rejection-problem.ts';
import { PROBLEM_CODES, PROBLEMS } from '../../lib/contracts/problems.ts';
import { createApi } from './api.ts';
import { SAMPLE_ANSWERS } from './sample-answers.ts';

const answering = (operationId: string, result: AnyResult | (() => never)) => {
  const api = createApi();
  api.results.set(operationId, result);
  return api;
};

const throwing = (error: unknown) =>
  answering('getProduct', () => {
    throw error;
  });

class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

describe('an answer', () => {
  it('without content has none', async () => {
    const answer = await createApi().call('archiveProduct');
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers).not.toHaveProperty('Content-Type');
  });

  it('carries the headers of its operation', async () => {
    const replayed = {
      ...SAMPLE_ANSWERS['reserveStock'],
      headers: { 'Idempotency-Replayed': 'true' },
    } as AnyResult;
    const answer = await answering('reserveStock', replayed).call('reserveStock');
    expect([answer.status, answer.headers['Idempotency-Replayed']]).toEqual([201, 'true']);
  });

  it('may be a page', async () => {
    const answer = await createApi().call('getDocs');
    expect(answer.headers['Content-Type']).toBe('text/html; charset=utf-8');
    expect(answer.text).toBe('<!doctype html>');
  });

  const product = SAMPLE_ANSWERS['getProduct']?.body as Record<string, unknown>;
  it.each([
    ['has a field too many', { status: 200, body: { ...product, secretHash: 'x' } }, ['secretHash']],
    ['lacks a field', { status: 200, body: { ...product, version: undefined } }, ['version']],
    [
      'has no milliseconds',
      { status: 200, body: { ...product, createdAt: '2026-11-24T09:30:00Z' } },
      ['createdAt'],
    ],
    ['has half a unit', { status: 200, body: { ...product, safetyStock: 0.5 } }, ['safetyStock']],
    ['has an unknown status', { status: 202, body: product }, ['status 202']],
    ['has the status of a prototype', { status: 'constructor', body: product }, ['status constructor']],
  ])('that %s is a fault of ours, and is not sent', async (_case, result, paths) => {
    const api = answering('getProduct', result as AnyResult);
    const answer = await api.call('getProduct');
    expect([answer.status, answer.body.code]).toEqual([500, 'internal_error']);
    expect(api.logs.find(({ level }) => level === 'error')).toMatchObject({
      message: { code: 'ANSWER_REFUSED' },
      fields: { operationId: 'getProduct', paths },
    });
  });
});

describe('a problem', () => {
  it.each(PROBLEM_CODES)('%s has the status and title of its kind', async (problem) => {
    const api = answering('getProduct', { problem, detail: 'Just so.' });
    const answer = await api.call('getProduct');
    const { status, title } = PROBLEMS[problem];
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      type: `urn:holdfast:problem:${problem}`,
      title,
      status,
      code: problem,
      detail: 'Just so.',
      requestId: 'made-1',
    });
    expect(answer.headers['Retry-After']).toBe([429, 503].includes(status) ? '1' : undefined);
    expect(api.measures).toEqual([{ operationId: 'getProduct', status, durationMs: 0, problem }]);
  });

  it('says when to try again', async () => {
    const api = answering('getProduct', {
      problem: 'rate_limited',
      detail: 'Later.',
      retryAfterSeconds: 2.1,
    });
    expect((await api.call('getProduct')).headers['Retry-After']).toBe('3');
  });

  it('of a cap on open holds names the cap', async () => {
    const rejection = {
      code: 'rate_limited',
      detail: 'Enough.',
      limit: 'sku_share',
      retryAfterMs: 12_001,
    } as const;
    const api = answering('reserveStock', rejectionProblem(rejection));
    const answer = await api.call('reserveStock');
    expect([answer.status, answer.body.code, answer.body['limit']]).toEqual([
      429,
      'rate_limited',
      'sku_share',
    ]);
    expect(answer.headers['Retry-After']).toBe('13');
  });

  it('of too little stock names the lines', async () => {
    const lines = [
      { sku: 'A', requested: 3, available: 1, reason: 'held', nextReleaseAt: '2026-11-24T09:30:00.000Z' },
      { sku: 'B', locationId: 'b', requested: 3, available: 0, reason: 'sold_out' },
    ] as const;
    const extra = { lines: lines.map((line) => ({ ...line })) };
    const api = answering('reserveStock', { problem: 'insufficient_stock', detail: 'Too little.', extra });
    expect((await api.call('reserveStock')).body).toMatchObject({ status: 409, lines });
  });

  it('may name failing paths that only a use case can know', async () => {
    const errors = [{ path: 'region', message: 'is not deployed' }];
    const api = answering('putLocation', { problem: 'validation_failed', detail: 'No.', errors });
    expect((await api.call('putLocation')).body).toMatchObject({ status: 400, errors });
  });
});

describe('what is thrown', () => {
  it('is 503 when the database is away', async () => {
    const api = throwing(new StoreUnavailableError('ECONNREFUSED 10.0.0.1'));
    const answer = await api.call('getProduct');
    expect([answer.status, answer.body.code, answer.headers['Retry-After']]).toEqual([
      503,
      'region_unavailable',
      '1',
    ]);
    expect(answer.text).not.toContain('10.0.0.1');
    expect(api.logs.map(({ message }) => message.code)).toContain('STORE_UNAVAILABLE');
  });

  it('is 503 too when the key cannot be looked up', async () => {
    const authenticate = () => Promise.reject(new StoreUnavailableError());
    expect((await createApi({ authenticate }).call('getProduct')).status).toBe(503);
  });

  it.each([
    ['an error', new TypeError('x is not a function at /var/task/index.mjs')],
    ['text', 'secret text'],
    ['nothing', undefined],
    ['null', null],
  ])('is 500 when it is %s, and says nothing of it', async (_case, error) => {
    const api = throwing(error);
    const answer = await api.call('getProduct');
    expect([answer.status, answer.body.code]).toEqual([500, 'internal_error']);
    expect(answer.text).not.toMatch(/TypeError|index\.mjs|at |secret/);
    expect(answer.headers).toMatchObject({ 'X-Request-Id': 'made-1', 'Cache-Control': 'no-store' });
    expect(api.errors).toEqual([error]);
  });
});
