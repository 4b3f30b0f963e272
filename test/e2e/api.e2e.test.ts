/** The HTTP API as its callers see it, against the whole service; every answer is held against the document. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../lib/config/routes.ts';
import { type Answer, Caller, startTestStack, stockUp, type TestStack } from './stack.ts';

let test: TestStack;

beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(() => test?.stack.stop());

const held = async (lines: object[], more: object = {}) =>
  (await test.demo.expect(201, 'POST /reservations', { lines, ...more })).body;

describe('a sale', () => {
  it('goes from receipt to shipment, and every unit can be told', async () => {
    const { demo } = test;
    await demo.expect(201, 'PUT /locations/ber', { name: 'Berlin', region: 'us-east-1', priority: 1 });
    const created = await demo.expect(201, 'PUT /products/mug', { name: 'Mug', safetyStock: 2 });
    expect(created.headers.get('etag')).toBe('"1"');
    const receipt = { type: 'receipt', sku: 'mug', locationId: 'ber', quantity: 10, reference: 'PO-1' };
    expect((await demo.expect(201, 'POST /movements', receipt)).body).toMatchObject({
      delta: 10,
      onHandAfter: 10,
    });
    const hold = await held([{ sku: 'mug', quantity: 5 }], {
      reference: 'cart-1',
      metadata: { channel: 'web' },
    });
    expect(hold).toMatchObject({ status: 'held', reference: 'cart-1', version: 1 });
    const path = `/reservations/${hold.reservationId}`;
    const confirm = { orderId: 'order/1 ü', lines: [{ sku: 'mug', quantity: 4 }] };
    const confirmed = await demo.expect(200, `POST ${path}/confirm`, confirm);
    expect(confirmed.body).toMatchObject({ status: 'confirmed', orderId: 'order/1 ü', version: 2 });
    const order = await demo.expect(200, `GET /orders/${encodeURIComponent('order/1 ü')}`);
    expect(order.body).toMatchObject({ reservationId: hold.reservationId, duplicates: [] });
    expect(['processing', 'accepted']).toContain(order.body.status);
    await test.control.expect(200, 'POST /quiesce', { timeoutMs: 60_000 });
    const accepted = await demo.expect(200, `GET /orders/${encodeURIComponent('order/1 ü')}`);
    expect(accepted.body.status).toBe('accepted');
    const part = { lines: [{ sku: 'mug', quantity: 1 }], carrier: 'DHL', trackingId: '0034' };
    const shipped = await demo.expect(200, `POST ${path}/ship`, part);
    expect(shipped.body).toMatchObject({ status: 'partially_shipped', shipments: [{ carrier: 'DHL' }] });
    const cancelled = await demo.expect(200, `POST ${path}/cancel`);
    expect(cancelled.body).toMatchObject({ status: 'shipped' });
    const stock = await demo.expect(200, 'GET /stock/mug?consistency=strong');
    expect(stock.body).toMatchObject({ onHand: 9, available: 7, held: 0, committed: 0, safetyStock: 2 });
    const ledger = await demo.expect(200, 'GET /movements?sku=mug');
    expect(ledger.body.items.map((entry: { type: string }) => entry.type)).toEqual(['shipment', 'receipt']);
    const byPlace = await demo.expect(200, 'GET /movements?locationId=ber&type=shipment');
    expect(byPlace.body.items).toHaveLength(1);
    const audit = await demo.expect(200, 'GET /audit?sku=mug');
    expect(audit.body).toMatchObject({ ok: true, stable: true, onHand: 9, ledgerSum: 9, keptBack: 2 });
    const list = await demo.expect(200, 'GET /reservations?reference=cart-1&sku=mug&status=shipped');
    expect(list.body.items).toHaveLength(1);
  });

  it('is confirmed later for a caller who does not wait, and a retry is answered the same', async () => {
    const { demo } = test;
    await demo.expect(201, 'PUT /locations/par', { name: 'Paris', region: 'us-east-1' });
    await demo.expect(201, 'PUT /products/pen', { name: 'Pen' });
    const receipt = { type: 'receipt', sku: 'pen', locationId: 'par', quantity: 3 };
    await demo.expect(201, 'POST /movements', receipt);
    const { reservationId } = await held([{ sku: 'pen', quantity: 2 }]);
    const options = { headers: { Prefer: 'respond-async, wait=5' }, idempotencyKey: demo.nextKey() };
    const request = [`POST /reservations/${reservationId}/confirm`, { orderId: 'later' }, options] as const;
    const queued = await demo.call(...request);
    expect(queued).toMatchObject({
      status: 202,
      body: { status: 'held', confirmation: 'queued', version: 2 },
    });
    expect(queued.headers.get('preference-applied')).toBe('respond-async');
    expect(queued.headers.get('idempotency-replayed')).toBeNull();
    const again = await demo.call(...request);
    expect([again.status, again.body]).toEqual([202, queued.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const order = await demo.expect(200, 'GET /orders/later');
    expect(order.body).toMatchObject({ reservationId, orderId: 'later' });
    expect(['processing', 'accepted']).toContain(order.body.status);
  });

  it('chooses a location itself: one that has it all before several, then by priority', async () => {
    const { demo } = test;
    for (const [locationId, priority] of [
      ['near', 1],
      ['far', 50],
    ] as const) {
      await demo.call(`PUT /locations/${locationId}`, { name: locationId, region: 'us-east-1', priority });
    }
    await demo.call('PUT /products/pick', { name: 'pick' });
    for (const [locationId, quantity] of [
      ['near', 2],
      ['far', 5],
    ] as const) {
      await demo.expect(201, 'POST /movements', { type: 'receipt', sku: 'pick', locationId, quantity });
    }
    const placesOf = (body: { lines: { allocations: { locationId: string; quantity: number }[] }[] }) =>
      body.lines[0]?.allocations.map(({ locationId, quantity }) => `${locationId}:${quantity}`);
    expect(placesOf(await held([{ sku: 'pick', quantity: 1 }]))).toEqual(['near:1']);
    expect(placesOf(await held([{ sku: 'pick', quantity: 3 }]))).toEqual(['far:3']);
    expect(placesOf(await held([{ sku: 'pick', quantity: 3 }]))).toEqual(['near:1', 'far:2']);
  });
});

describe('bad input', () => {
  const line = { sku: 'bad', quantity: 1 };
  const raw = (text: string) => ({ rawBody: text });

  it.each([
    ['the same sku twice', { lines: [line, line] }, 'validation_failed'],
    ['no lines', { lines: [] }, 'validation_failed'],
    [
      '51 lines',
      { lines: Array.from({ length: 51 }, (_, at) => ({ sku: `s${at}`, quantity: 1 })) },
      'validation_failed',
    ],
    ['quantity 0', { lines: [{ sku: 'bad', quantity: 0 }] }, 'validation_failed'],
    ['quantity over its bound', { lines: [{ sku: 'bad', quantity: 1_000_000_001 }] }, 'validation_failed'],
    ['an unknown field', { lines: [line], tenantId: 'rival' }, 'validation_failed'],
    ['a control character in the reference', { lines: [line], reference: 'a\u0000b' }, 'validation_failed'],
    ['backorder', { lines: [line], allowBackorder: true }, 'not_supported'],
  ])('%s: 400, and nothing is taken', async (_name, body, code) => {
    await stockUp(test.demo, 'ber', { bad: 0 });
    const answer = await test.demo.expect(400, 'POST /reservations', body);
    expect(answer.body.code).toBe(code);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it.each([
    ['broken JSON', '{"lines": [', 400, 'invalid_json'],
    ['a list', '[]', 400, 'validation_failed'],
    ['a duplicate key', '{"lines":[{"sku":"bad","sku":"bad","quantity":1}]}', 400, 'validation_failed'],
    ['__proto__', '{"lines":[{"sku":"bad","quantity":1}],"__proto__":{"a":1}}', 400, 'validation_failed'],
    [
      'constructor',
      '{"lines":[{"sku":"bad","quantity":1}],"constructor":{"prototype":{}}}',
      400,
      'validation_failed',
    ],
    [
      'a number beyond 2^53',
      '{"lines":[{"sku":"bad","quantity":9007199254740993}]}',
      400,
      'validation_failed',
    ],
    ['depth', `{"lines":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400, 'invalid_json'],
    ['a body over 64 KiB', `{"reference":"${'x'.repeat(65_536)}"}`, 413, 'payload_too_large'],
  ])('%s: %#', async (_name, text, status, code) => {
    const answer = await test.demo.expect(status, 'POST /reservations', undefined, raw(text));
    expect(answer.body.code).toBe(code);
  });

  it('knows unicode, bounds and whole numbers in every spelling', async () => {
    await stockUp(test.demo, 'ber', { uni: 1_000_000_000 });
    const text = '{"lines":[{"sku":"uni","quantity":1e3}],"reference":"cart ü 日本 🎉"}';
    const hold = await test.demo.expect(201, 'POST /reservations', undefined, raw(text));
    expect(hold.body).toMatchObject({ reference: 'cart ü 日本 🎉', lines: [{ quantity: 1000 }] });
    const found = await test.demo.expect(
      200,
      `GET /reservations?reference=${encodeURIComponent('cart ü 日本 🎉')}`,
    );
    expect(found.body.items).toHaveLength(1);
    const metadata = { constructor: 'a', prototype: 'b', toString: 'c' };
    const odd = await held([{ sku: 'uni', quantity: 999_999_000 }], { metadata });
    expect(odd.metadata).toEqual(metadata);
  });

  it('holds a cart of 50 lines', async () => {
    const skus = Array.from({ length: 50 }, (_, at) => `cart-${at}`);
    await stockUp(test.demo, 'ber', Object.fromEntries(skus.map((sku) => [sku, 2])));
    const hold = await held(skus.map((sku) => ({ sku, quantity: 1 })));
    const path = `/reservations/${hold.reservationId}`;
    await test.demo.expect(200, `POST ${path}/confirm`, {});
    const shipped = await test.demo.expect(200, `POST ${path}/ship`, {});
    expect(shipped.body).toMatchObject({ status: 'shipped' });
    expect(shipped.body.shipments).toHaveLength(1);
    const audits = await Promise.all(skus.map((sku) => test.demo.call(`GET /audit?sku=${sku}`)));
    for (const audit of audits) expect(audit.body).toMatchObject({ ok: true, onHand: 1, committed: 0 });
  });

  it.each([
    ['GET', '/nothing', 404, 'not_found'],
    ['GET', '/products/', 404, 'not_found'],
    ['PATCH', '/products/mug', 405, 'method_not_allowed'],
    ['DELETE', '/reservations', 405, 'method_not_allowed'],
    ['GET', '/transfers', 404, 'not_found'],
  ])('%s %s: %i, before any key', async (method, path, status, code) => {
    const answer = await test.nobody.expect(status, `${method} ${path}`);
    expect(answer.body.code).toBe(code);
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET|POST/);
  });

  it('asks for a body in JSON and a key', async () => {
    const text = { headers: { 'Content-Type': 'text/plain' } };
    expect((await test.demo.expect(415, 'POST /reservations', { lines: [line] }, text)).body.code).toBe(
      'unsupported_media_type',
    );
    const noKey = await fetch(`${test.stack.regions[0]?.api}/reservations`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${test.stack.keys?.demo}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ lines: [line] }),
    });
    expect(noKey.status).toBe(400);
    expect(await noKey.json()).toMatchObject({ code: 'idempotency_key_required' });
  });
});

describe('tenants', () => {
  it('never see each other: things, lists and cursors', async () => {
    const { demo, rival } = test;
    await stockUp(demo, 'ber', { secret: 5, secret2: 5 });
    const hold = await held([{ sku: 'secret', quantity: 1 }]);
    for (const path of [
      '/products/secret',
      '/locations/ber',
      '/stock/secret',
      `/reservations/${hold.reservationId}`,
      `/orders/${hold.reservationId}`,
      '/audit?sku=secret',
    ]) {
      const foreign = await rival.expect(404, `GET ${path}`);
      expect(foreign.body.code).toBe('not_found');
    }
    for (const action of ['confirm', 'release', 'cancel', 'ship']) {
      await rival.expect(404, `POST /reservations/${hold.reservationId}/${action}`, {});
    }
    const stolen = { lines: [{ sku: 'secret', quantity: 1 }] };
    expect((await rival.expect(404, 'POST /reservations', stolen)).body.code).toBe('unknown_sku');
    expect((await rival.expect(200, 'GET /products')).body.items).toEqual([]);
    const page = await demo.expect(200, 'GET /products?limit=1');
    expect(page.body.nextCursor).toEqual(expect.any(String));
    const cursor = encodeURIComponent(page.body.nextCursor);
    expect((await rival.expect(400, `GET /products?limit=1&cursor=${cursor}`)).body.code).toBe(
      'invalid_cursor',
    );
    expect((await demo.expect(400, `GET /products?status=active&cursor=${cursor}`)).body.code).toBe(
      'invalid_cursor',
    );
    expect((await demo.expect(400, `GET /locations?cursor=${cursor}`)).body.code).toBe('invalid_cursor');
    const altered = `${page.body.nextCursor[0] === 'A' ? 'B' : 'A'}${page.body.nextCursor.slice(1)}`;
    await demo.expect(400, `GET /products?limit=1&cursor=${encodeURIComponent(altered)}`);
    await demo.expect(200, `GET /reservations/${hold.reservationId}`);
  });

  it('page through lists without missing or doubling anything', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await test.demo.expect(
        200,
        `GET /products?limit=7${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      seen.push(...page.body.items.map((product: { sku: string }) => product.sku));
      cursor = page.body.nextCursor ?? '';
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual([...seen].sort());
    expect(seen.length).toBeGreaterThan(50);
  });

  it('have keys of their own, with scopes that do not imply each other', async () => {
    const { demo, demoRead, operator, nobody } = test;
    await nobody.expect(401, 'GET /products');
    await demo.expect(401, 'GET /products', undefined, { key: 'hf.nonsense' });
    expect((await demoRead.expect(403, 'PUT /products/x', { name: 'x' })).body.code).toBe('forbidden');
    await operator.expect(403, 'GET /products');
    await demo.expect(403, 'POST /tenants', { tenantId: 'a', name: 'a', tier: 'free' });
    await operator.expect(201, 'POST /tenants', { tenantId: 'acme', name: 'Acme', tier: 'free' });
    expect(
      (await operator.expect(409, 'POST /tenants', { tenantId: 'acme', name: 'Acme', tier: 'free' })).body
        .code,
    ).toBe('tenant_exists');
    await operator.expect(404, 'POST /tenants/nobody/keys', { scopes: ['read'] });
    const made = await operator.expect(201, 'POST /tenants/acme/keys', { scopes: ['read', 'admin'] });
    const acme = new Caller(test.stack.regions[0]?.api ?? '', made.body.secret);
    await acme.expect(200, 'GET /products');
    await acme.expect(403, 'PUT /products/x', { name: 'x' });
    expect((await acme.expect(200, 'GET /keys')).body.items).toMatchObject([{ keyId: made.body.keyId }]);
    await demo.expect(404, `DELETE /keys/${made.body.keyId}`);
    await operator.expect(204, `DELETE /keys/${made.body.keyId}`);
    await operator.expect(204, `DELETE /keys/${made.body.keyId}`);
    await test.control.expect(200, 'POST /clock', { advanceMs: 31_000 });
    await acme.expect(401, 'GET /products');
  });
});

describe('documents', () => {
  it('are versioned', async () => {
    const { demo } = test;
    const put = (headers: Record<string, string>) =>
      demo.call('PUT /products/versioned', { name: 'v' }, { headers });
    expect((await put({ 'If-Match': '"1"' })).status).toBe(412);
    expect((await put({ 'If-None-Match': '*' })).status).toBe(201);
    expect((await put({ 'If-None-Match': '*' })).body.code).toBe('version_mismatch');
    expect((await put({ 'If-Match': '"1"' })).body).toMatchObject({ version: 2 });
    const fresh = await demo.call('GET /products/versioned', undefined, {
      headers: { 'If-None-Match': '"2"' },
    });
    expect(fresh.status).toBe(304);
    await demo.expect(204, 'DELETE /products/versioned');
    expect((await demo.expect(200, 'GET /products/versioned')).body).toMatchObject({
      status: 'archived',
      version: 3,
    });
    expect((await put({})).body).toMatchObject({ status: 'active', version: 4 });
    const moved = { name: 'Berlin', region: 'eu-west-1' };
    expect((await demo.expect(400, 'PUT /locations/ber', moved)).body.code).toBe('validation_failed');
  });

  it('say what the service answers: every answer of a round of calls fits the OpenAPI document', async () => {
    const document = (await test.nobody.expect(200, 'GET /openapi.json')).body;
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'openapi');
    const check = (path: string, method: string, answer: Answer) => {
      const pointer = `openapi#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}/responses/${answer.status}/content/application~1json/schema`;
      const validate = ajv.getSchema(pointer);
      expect(validate, pointer).toBeDefined();
      expect(validate?.(answer.body), JSON.stringify(validate?.errors)).toBe(true);
    };
    const { demo } = test;
    for (const { path, method } of ROUTES.filter(
      (route) => route.method === 'GET' && !route.path.includes('{'),
    )) {
      if (path.endsWith('/docs') || path.endsWith('/openapi.json')) continue;
      const query = path === '/v1/movements' || path === '/v1/audit' ? '?sku=mug' : '';
      check(path, method.toLowerCase(), await demo.expect(200, `GET ${path.slice(3)}${query}`));
    }
    check('/v1/stock/{sku}', 'get', await demo.expect(200, 'GET /stock/mug'));
    const batch = await demo.expect(200, 'POST /stock/batch-get', { skus: ['mug', 'none', 'mug'] });
    check('/v1/stock/batch-get', 'post', batch);
    expect(batch.body.items).toMatchObject([
      { sku: 'mug' },
      { sku: 'none', error: 'not_found' },
      { sku: 'mug' },
    ]);
  });
});
