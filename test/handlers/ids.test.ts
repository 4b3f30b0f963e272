import { describe, expect, it } from 'vitest';
import { createApi, pathsOf } from './api.ts';

const FAMILY = '\u{1F469}\u200D\u{1F467}';

const BAD_IDS = [
  ['empty', ''],
  ['a space', ' '],
  ['65 characters', 'a'.repeat(65)],
  ['2,049 bytes', 'a'.repeat(2_049)],
  ['a hash', 'a#b'],
  ['a way up', '../x'],
  ['a slash', 'a/b'],
  ['encoded dots', '%2e%2e'],
  ['an encoded NUL', '%00'],
  ['NUL', 'a\u0000'],
  ['a line break', 'a\r\nb'],
  ['a trailing line break', 'a\n'],
  ['a tab', 'a\tb'],
  ['a direction mark', 'a\u202Eb'],
  ['a zero-width space', 'a\u200Bb'],
  ['a byte order mark', '\uFEFFa'],
  ['a lone surrogate', 'a\uD800'],
  ['a composed letter', 'caf\u00E9'],
  ['a decomposed letter', 'cafe\u0301'],
  ['a Cyrillic letter', '\u0430bc'],
  ['a ligature', '\uFDFA'],
  ['emoji', FAMILY.repeat(12)],
  ['a dotted capital i', '\u0130'],
  ['underscores first', '__proto__'],
  ['an asterisk', '*'],
  ['SQL', "' OR 1=1--"],
  ['JNDI', '$' + '{jndi:x}'],
  ['a template', '{{7*7}}'],
  ['a formula', '=cmd()'],
  ['HTML', '<script>'],
  ['a dot first', '.hidden'],
  ['a sort-key end', '\uFFFF'],
] as const;

const GOOD_IDS = [
  'a',
  'A-1',
  'a.b_c:d-e',
  '0',
  'a'.repeat(64),
  'constructor',
  'toString',
  'null',
  'undefined',
];

describe('ids that callers choose', () => {
  it.each(BAD_IDS)('a sku in a body must not have %s', async (_case, sku) => {
    const answer = await createApi().call('reserveStock', { body: { lines: [{ sku, quantity: 1 }] } });
    expect([answer.body.code, pathsOf(answer)]).toEqual(['validation_failed', ['lines.0.sku']]);
  });

  it.each(BAD_IDS.filter(([, id]) => id !== '' && !id.includes('\uD800')))(
    'a sku or a location id in a path must not have %s',
    async (_case, id) => {
      for (const [operationId, path, param] of [
        ['getProduct', '/v1/products/', 'sku'],
        ['getStock', '/v1/stock/', 'sku'],
        ['putProduct', '/v1/products/', 'sku'],
        ['getLocation', '/v1/locations/', 'locationId'],
      ] as const) {
        const answer = await createApi().call(operationId, { path: path + encodeURIComponent(id) });
        expect([answer.status, answer.body.code, pathsOf(answer)]).toEqual([
          400,
          'validation_failed',
          [param],
        ]);
      }
    },
  );

  it.each(['%', '%zz', '%ff', '%C0%AF', 'a%ED%A0%80'])(
    'a path must not have the malformed escape %s',
    async (id) => {
      const answer = await createApi().call('getProduct', { path: `/v1/products/${id}` });
      expect([answer.status, pathsOf(answer)]).toEqual([400, ['sku']]);
    },
  );

  it.each(GOOD_IDS)('may be %s', async (id) => {
    const body = { lines: [{ sku: id, quantity: 1, locationId: id }] };
    expect((await createApi().call('reserveStock', { body })).status).toBe(201);
    const api = createApi();
    expect((await api.call('getProduct', { path: `/v1/products/${encodeURIComponent(id)}` })).status).toBe(
      200,
    );
    expect(api.requests[0]?.request.params).toEqual({ sku: id });
  });

  it('are decoded once, and only if they are encoded', async () => {
    const api = createApi();
    await api.call('getOrder', { path: '/v1/orders/a%2Fb%2525' });
    await api.call('getOrder', { path: '/v1/orders/100%' });
    expect(api.requests.map(({ request }) => request.params)).toEqual([
      { orderId: 'a/b%25' },
      { orderId: '100%' },
    ]);
  });

  it.each([42, null, true, ['A'], { sku: 'A' }])('must be text, not %j', async (sku) => {
    const answer = await createApi().call('batchGetStock', { body: { skus: [sku] } });
    expect(pathsOf(answer)).toEqual(['skus.0']);
  });
});

describe('ids that the service makes', () => {
  const MALFORMED = ['%00', '%ff', 'a%20b', '..%2Fx', `${'a'.repeat(257)}`, '%F0%9F%98%80', "'%20OR%201=1--"];

  it.each(MALFORMED)('name nothing when they are %s', async (id) => {
    for (const [operationId, path] of [
      ['getReservation', `/v1/reservations/${id}`],
      ['confirmReservation', `/v1/reservations/${id}/confirm`],
      ['revokeKey', `/v1/keys/${id}`],
      ['createTenantKey', `/v1/tenants/${id}/keys`],
    ] as const) {
      const api = createApi();
      const answer = await api.call(operationId, { path });
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
      expect(api.requests).toEqual([]);
    }
  });

  it.each(['%00', '%ff', 'a%0Ab', 'a'.repeat(257), '%E2%80%AE'])(
    'an order id names nothing when it is %s',
    async (id) => {
      expect((await createApi().call('getOrder', { path: `/v1/orders/${id}` })).status).toBe(404);
    },
  );

  it('name nothing only after the request itself is sound', async () => {
    const path = '/v1/reservations/%00/confirm';
    const answers = await Promise.all([
      createApi().call('confirmReservation', { path, body: { orderId: '' } }),
      createApi().call('confirmReservation', { path, headers: { 'Idempotency-Key': [] } }),
    ]);
    expect(answers.map(({ body }) => body.code)).toEqual(['validation_failed', 'idempotency_key_required']);
  });
});
