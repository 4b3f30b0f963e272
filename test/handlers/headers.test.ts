import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../lib/config/routes.ts';
import { createApi } from './api.ts';

const idempotentIds = ROUTES.filter(({ idempotent }) => idempotent).map(({ operationId }) => operationId);
const otherIds = ROUTES.filter(({ idempotent }) => !idempotent).map(({ operationId }) => operationId);

describe('Idempotency-Key', () => {
  it('is required on exactly these operations', () => {
    expect(idempotentIds.toSorted()).toEqual([
      'cancelReservation',
      'confirmReservation',
      'extendReservation',
      'recordMovement',
      'releaseReservation',
      'reserveStock',
      'shipReservation',
    ]);
  });

  it.each(idempotentIds)('is required on %s', async (operationId) => {
    const api = createApi();
    const answer = await api.call(operationId, { headers: { 'Idempotency-Key': [] } });
    expect([answer.status, answer.body.code]).toEqual([400, 'idempotency_key_required']);
    expect(api.requests).toEqual([]);
  });

  it.each([
    'a',
    '~',
    '!',
    '"quoted"',
    'a,b',
    '7d9f2b64-3a0e-4d6a-9d55-0b1f6c1f2a11',
    'x'.repeat(128),
    '__proto__',
  ])('may be %s, and is taken as it is', async (key) => {
    const api = createApi();
    expect((await api.call('reserveStock', { headers: { 'Idempotency-Key': key } })).status).toBe(201);
    expect(api.requests[0]?.request.idempotencyKey).toBe(key);
  });

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(129)],
    ['a space', ' '],
    ['two words', 'a b'],
    ['a joined list', 'a, b'],
    ['a tab', 'a\tb'],
    ['a control character', 'a\u0001b'],
    ['a trailing line break', 'a\n'],
    ['DEL', 'a\u007F'],
    ['not ASCII', 'ä'],
    ['sent twice', ['a', 'b']],
    ['sent twice and equal', ['a', 'a']],
  ])('must not be %s', async (_case, key) => {
    const answer = await createApi().call('reserveStock', { headers: { 'Idempotency-Key': key } });
    expect([answer.status, answer.body.code]).toEqual([400, 'idempotency_key_invalid']);
  });

  it('is found whatever the case of its name', async () => {
    const api = createApi();
    await api.call('reserveStock', { headers: { 'Idempotency-Key': [], 'idempotency-KEY': 'a' } });
    expect(api.requests[0]?.request.idempotencyKey).toBe('a');
  });

  it.each(otherIds)('means nothing on %s', async (operationId) => {
    const api = createApi();
    const answer = await api.call(operationId, { headers: { 'Idempotency-Key': ['not', 'good at all'] } });
    expect(answer.status).toBeLessThan(300);
    expect(api.requests[0]?.request.idempotencyKey).toBeUndefined();
  });
});

describe('X-Request-Id', () => {
  it.each(['a', '0', '-', 'Az-09', 'x'.repeat(64)])('%s is echoed', async (id) => {
    const api = createApi();
    const answer = await api.call('getProduct', { headers: { 'X-Request-Id': id } });
    expect(answer.headers['X-Request-Id']).toBe(id);
    expect(api.requests[0]?.request.requestId).toBe(id);
  });

  it.each([
    ['missing', []],
    ['empty', ''],
    ['too long', 'x'.repeat(65)],
    ['with an underscore', 'a_b'],
    ['with a line break', 'a\r\nSet-Cookie: x'],
    ['with a trailing line break', 'a\n'],
    ['not ASCII', 'ä'],
    ['sent twice', ['a', 'b']],
  ])('is replaced when it is %s', async (_case, id) => {
    const answer = await createApi().call('getProduct', { headers: { 'X-Request-Id': id } });
    expect(answer.headers['X-Request-Id']).toBe('made-1');
  });

  it('is in every problem document too', async () => {
    for (const changes of [{ path: '/v1/nothing' }, { method: 'PATCH' }, { query: { x: '1' } }]) {
      const answer = await createApi().call('getProduct', { ...changes, headers: { 'X-Request-Id': 'abc' } });
      expect([answer.headers['X-Request-Id'], answer.body.requestId]).toEqual(['abc', 'abc']);
    }
  });
});

describe('traceparent', () => {
  const GOOD = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  it('is passed on', async () => {
    const api = createApi();
    const answer = await api.call('getProduct', { headers: { traceparent: GOOD } });
    expect(answer.headers['traceparent']).toBe(GOOD);
    expect(api.requests[0]?.request.traceparent).toBe(GOOD);
    expect(
      (await api.call('getProduct', { path: '/v1/none', headers: { traceparent: GOOD } })).headers,
    ).toMatchObject({
      traceparent: GOOD,
    });
  });

  it.each([
    '',
    GOOD.toUpperCase(),
    GOOD.slice(1),
    `${GOOD}\n`,
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  ])('is dropped when it is "%s"', async (traceparent) => {
    const answer = await createApi().call('getProduct', { headers: { traceparent } });
    expect(answer.headers).not.toHaveProperty('traceparent');
  });
});

describe('headers of every answer', () => {
  it('say what it is, and that nobody may keep it', async () => {
    const good = await createApi().call('getReservation');
    expect(good.headers).toMatchObject({
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    const bad = await createApi().call('getReservation', { headers: { Authorization: [] } });
    expect(bad.headers).toMatchObject({
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
  });

  it('leave it to the operation how long it may be kept', async () => {
    const api = createApi();
    const answer = api.results.get('getReservation') as { status: 200; body: unknown };
    api.results.set('getReservation', { ...answer, headers: { 'Cache-Control': 'private, max-age=1' } });
    expect((await api.call('getReservation')).headers['Cache-Control']).toBe('private, max-age=1');
  });
});
