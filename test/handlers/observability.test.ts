import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LOG_MESSAGES } from '../../lambdas/observability/log-messages.ts';
import { createLogger } from '../../lambdas/observability/logger.ts';
import { createMetrics } from '../../lambdas/observability/metrics.ts';
import { createApi } from './api.ts';
import type { SentRequest } from './gateway-events.ts';

/** Everything that is written to stdout and stderr. */
function capture(): { readonly text: () => string; readonly entries: () => Record<string, unknown>[] } {
  let written = '';
  const write = (chunk: unknown) => {
    written += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
  return {
    text: () => written,
    entries: () =>
      written
        .split('\n')
        .filter(Boolean)
        .map((entry) => JSON.parse(entry)),
  };
}

afterEach(() => vi.restoreAllMocks());

describe('a request in the log', () => {
  it('has a beginning and an end', async () => {
    const api = createApi();
    await api.call('reserveStock', { headers: { 'X-Request-Id': 'abc' } });
    const fields = { requestId: 'abc', operationId: 'reserveStock', awsRequestId: 'aws-1' };
    expect(api.logs).toEqual([
      { level: 'info', message: LOG_MESSAGES.requestStarted, fields },
      {
        level: 'info',
        message: LOG_MESSAGES.requestCompleted,
        fields: { ...fields, tenantId: 'acme', status: 201, durationMs: 0 },
      },
    ]);
    expect(api.measures).toEqual([{ operationId: 'reserveStock', status: 201, durationMs: 0 }]);
  });

  it('says why it was refused, and how long that took', async () => {
    let now = 0;
    const api = createApi({ nowMs: () => (now += 7) });
    await api.call('reserveStock', { body: {} });
    await api.send({ path: '/v1/secret-path' });
    const ends = api.logs.filter(({ message }) => message === LOG_MESSAGES.requestCompleted);
    expect(ends.map(({ fields }) => fields)).toMatchObject([
      { operationId: 'reserveStock', status: 400, problem: 'validation_failed', durationMs: 7 },
      { operationId: 'unknown', status: 404, problem: 'not_found', durationMs: 7 },
    ]);
    expect(api.measures.map(({ operationId, problem }) => [operationId, problem])).toEqual([
      ['reserveStock', 'validation_failed'],
      ['unknown', 'not_found'],
    ]);
  });

  it('never shows what the caller sent', async () => {
    const output = capture();
    const live = () => createApi({ logger: createLogger('reserve'), metrics: createMetrics('reserve') });
    const secret = fc.stringMatching(/^[a-z]{24}$/);
    await fc.assert(
      fc.asyncProperty(secret, async (hidden) => {
        const places: [string, Partial<SentRequest>][] = [
          ['reserveStock', { body: { lines: [{ sku: hidden, quantity: 1 }], reference: hidden } }],
          ['reserveStock', { body: { [hidden]: hidden, metadata: { [hidden]: hidden } } }],
          ['reserveStock', { body: `{"${hidden}` }],
          ['reserveStock', { headers: { 'Idempotency-Key': hidden } }],
          ['reserveStock', { headers: { Authorization: `Bearer ${hidden}` } }],
          ['getOrder', { path: `/v1/orders/${hidden}` }],
          ['listReservations', { query: { reference: hidden, [hidden]: hidden } }],
          ['getProduct', { path: `/v1/${hidden}` }],
        ];
        for (const [operationId, changes] of places) await live().call(operationId, changes);
        expect(output.text()).not.toContain(hidden);
      }),
      { numRuns: 20 },
    );
    expect(output.entries().length).toBeGreaterThan(100);
  });
});

describe('the logger', () => {
  it('writes the fields of an entry, its code and the function', () => {
    const output = capture();
    createLogger('stock').info(LOG_MESSAGES.requestCompleted, { requestId: 'abc', status: 200 });
    expect(output.entries()).toMatchObject([
      { level: 'INFO', service: 'stock', code: 'REQUEST_COMPLETED', requestId: 'abc', status: 200 },
    ]);
  });

  it('writes of an error its name, message, stack and causes, and nothing that hangs on it', () => {
    const output = capture();
    const cause = Object.assign(new RangeError('deep'), { item: 'a tenant of its own' });
    const error = Object.assign(new TypeError('shallow', { cause }), {
      CancellationReasons: ['a tenant of its own'],
    });
    createLogger('stock').error(LOG_MESSAGES.requestFailed, {}, error);
    const [entry] = output.entries();
    expect(entry).toMatchObject({
      level: 'ERROR',
      code: 'REQUEST_FAILED',
      error: { name: 'TypeError', message: 'shallow', cause: { name: 'RangeError', message: 'deep' } },
    });
    expect(JSON.stringify(entry)).toContain('observability.test.ts');
    expect(output.text()).not.toContain('a tenant of its own');
  });

  it('follows causes that never end only so far', () => {
    const output = capture();
    const error = new Error('round');
    error.cause = error;
    createLogger('stock').error(LOG_MESSAGES.requestFailed, {}, error);
    expect(output.text().match(/"message":"round"/g)).toHaveLength(4);
  });

  it('writes of what is no error only its kind', () => {
    const output = capture();
    createLogger('stock').error(LOG_MESSAGES.requestFailed, {}, 'a secret');
    expect(output.entries()).toMatchObject([{ error: { name: 'string' } }]);
    expect(output.text()).not.toContain('a secret');
  });

  it('has a code of its own for every message', () => {
    const codes = Object.values(LOG_MESSAGES).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('the metrics', () => {
  it.each([
    [200, 0, 0],
    [404, 1, 0],
    [500, 0, 1],
    [503, 0, 1],
  ])('count an answer of %i as %i rejections and %i faults', (status, rejections, faults) => {
    const output = capture();
    createMetrics('stock').record({ operationId: 'getStock', status, durationMs: 12, problem: 'not_found' });
    const [entry] = output.entries();
    expect(entry).toMatchObject({
      service: 'stock',
      operationId: 'getStock',
      status: String(status),
      problem: 'not_found',
      Requests: 1,
      Latency: 12,
      Rejections: rejections,
      Faults: faults,
    });
    expect(entry?.['_aws']).toMatchObject({
      CloudWatchMetrics: [{ Namespace: 'Holdfast', Dimensions: [['service']] }],
    });
  });

  it('start anew with every request', () => {
    const output = capture();
    const metrics = createMetrics('stock');
    metrics.record({ operationId: 'getStock', status: 404, durationMs: 1, problem: 'not_found' });
    metrics.record({ operationId: 'getStock', status: 200, durationMs: 1 });
    expect(output.entries()[1]).not.toHaveProperty('problem');
    expect(output.entries()[1]).toMatchObject({ Requests: 1 });
  });
});
