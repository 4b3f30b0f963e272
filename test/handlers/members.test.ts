import { describe, expect, it } from 'vitest';
import { createApi, pathsOf } from './api.ts';

const reserve = (body: unknown, api = createApi()) => api.call('reserveStock', { body });
const LINES = '"lines":[{"sku":"A","quantity":1}]';

describe('members of a body', () => {
  it.each([
    ['at the root', '{"ttlSeconds":60,"ttlSeconds":60,"lines":[{"sku":"A","quantity":1}]}', ['ttlSeconds']],
    [
      'in a list',
      '{"lines":[{"sku":"A","quantity":1},{"sku":"B","quantity":1,"quantity":2}]}',
      ['lines.1.quantity'],
    ],
    ['in another spelling', '{"lines":[{"sku":"A","quantity":1,"q\\u0075antity":2}]}', ['lines.0.quantity']],
    ['in a map', `{${LINES},"metadata":{"a":"1","b":"2","a":"3"}}`, ['metadata.a']],
    [
      'around another object',
      `{"ttlSeconds":60,"metadata":{"a":"1"},${LINES},"ttlSeconds":60}`,
      ['ttlSeconds'],
    ],
    ['three times', `{${LINES},"metadata":{"a":"1","a":"2","a":"3"}}`, ['metadata.a']],
    ['with a bad value', `{"ttlSeconds":1,"ttlSeconds":60,${LINES}}`, ['ttlSeconds']],
  ])('must not be given twice %s', async (_case, body, paths) => {
    const answer = await reserve(body);
    expect([answer.status, answer.body.code, pathsOf(answer)]).toEqual([400, 'validation_failed', paths]);
  });

  it('may repeat in different objects', async () => {
    const after = `{"metadata":{"ttlSeconds":"1","lines":"2"},"ttlSeconds":60,${LINES}}`;
    expect((await reserve(after)).status).toBe(201);
    const body =
      '{"lines":[{"sku":"A","quantity":1},{"sku":"B","quantity":1}],"metadata":{"sku":"A","lines":"1"}}';
    expect((await reserve(body)).status).toBe(201);
  });

  it.each([
    ['at the root', `{${LINES},"__proto__":{"admin":true}}`, ['__proto__']],
    ['in a line', '{"lines":[{"sku":"A","quantity":1,"__proto__":{}}]}', ['lines.0.__proto__']],
    ['in a map', `{${LINES},"metadata":{"__proto__":"x"}}`, ['metadata.__proto__']],
    ['in another spelling', `{${LINES},"metadata":{"\\u005f_proto__":"x"}}`, ['metadata.__proto__']],
  ])('must not be called __proto__ %s', async (_case, body, paths) => {
    const answer = await reserve(body);
    expect([answer.body.code, pathsOf(answer)]).toEqual(['validation_failed', paths]);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('may be called like a member of every object, where any name goes', async () => {
    const api = createApi();
    const metadata = { constructor: 'a', prototype: 'b', toString: 'c', hasOwnProperty: 'd', valueOf: 'e' };
    const answer = await reserve({ lines: [{ sku: 'A', quantity: 1 }], metadata }, api);
    expect(answer.status).toBe(201);
    expect(api.requests[0]?.request.body).toMatchObject({ metadata });
  });

  it.each([
    ['at the root', { lines: [{ sku: 'A', quantity: 1 }], tenantId: 'rival' }, ['tenantId']],
    ['in a line', { lines: [{ sku: 'A', quantity: 1, price: 5 }] }, ['lines.0.price']],
    [
      'like a member of every object',
      { lines: [{ sku: 'A', quantity: 1 }], constructor: { prototype: {} } },
      ['constructor'],
    ],
    ['in another case', { Lines: [], lines: [{ sku: 'A', quantity: 1 }] }, ['Lines']],
    [
      'set by the service',
      { lines: [{ sku: 'A', quantity: 1 }], version: 7, status: 'confirmed' },
      ['version', 'status'],
    ],
  ])('must be known: %s', async (_case, body, paths) => {
    const answer = await reserve(body);
    expect([answer.body.code, pathsOf(answer).toSorted()]).toEqual(['validation_failed', paths.toSorted()]);
  });

  it('are all named when they fail, whatever is wrong with each', async () => {
    const body = `{"lines":[{"quantity":0},{"sku":"#","quantity":"5","x":1},{"sku":"B","quantity":1},{"sku":"B","quantity":1}],
      "ttlSeconds":4,"ttlSeconds":4,"allowPartial":"yes","reference":"","metadata":{"a":1},"__proto__":1,"more":1}`;
    expect(pathsOf(await reserve(body)).toSorted()).toEqual(
      [
        '__proto__',
        'allowPartial',
        'lines.0.quantity',
        'lines.0.sku',
        'lines.1.quantity',
        'lines.1.sku',
        'lines.1.x',
        'lines.3.sku',
        'metadata.a',
        'more',
        'reference',
        'ttlSeconds',
      ].toSorted(),
    );
  });

  it('are named together with the parameters that fail', async () => {
    const answer = await createApi().call('putProduct', {
      path: '/v1/products/a%23b',
      query: { dry: 'run' },
      body: { name: '' },
    });
    expect(pathsOf(answer).toSorted()).toEqual(['dry', 'name', 'sku']);
  });

  it('are named up to a bound, and their names are cut', async () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 0]));
    const flooded = await reserve(JSON.stringify(many));
    expect(flooded.status).toBe(400);
    expect(pathsOf(flooded)).toHaveLength(1_000);
    const long = await reserve(`{"${'k'.repeat(60_000)}":1,${LINES}}`);
    expect(pathsOf(long)).toEqual(['k'.repeat(256)]);
  });
});

describe('what a later release brings', () => {
  it.each([
    ['putProduct', { name: 'Kit', bundle: [{ sku: 'A', quantity: 1 }] }, 'bundle'],
    ['putProduct', { name: 'Kit', backorderLimit: 1 }, 'backorderLimit'],
    ['putProduct', { name: 'Kit', reorderPolicy: {} }, 'reorderPolicy'],
    ['recordMovement', { type: 'receipt', sku: 'A', locationId: 'b', quantity: 1, lot: 'L1' }, 'lot'],
    [
      'recordMovement',
      { type: 'receipt', sku: 'A', locationId: 'b', quantity: 1, expiresOn: '2027-01-01' },
      'expiresOn',
    ],
    ['recordMovement', { type: 'receipt', sku: 'A', locationId: 'b', quantity: 1, unitCost: 5 }, 'unitCost'],
    ['reserveStock', { lines: [{ sku: 'A', quantity: 1 }], allowBackorder: true }, 'allowBackorder'],
  ])('%s refuses %j', async (operationId, body, path) => {
    const api = createApi();
    const answer = await api.call(operationId, { body });
    expect([answer.status, answer.body.code, pathsOf(answer)]).toEqual([400, 'not_supported', [path]]);
    expect(api.requests).toEqual([]);
  });

  it.each([
    ['putProduct', { name: 'Kit', backorderLimit: 0 }],
    ['reserveStock', { lines: [{ sku: 'A', quantity: 1 }], allowBackorder: false }],
  ])('%s accepts to do without it, as if nothing had been said', async (operationId, body) => {
    const api = createApi();
    const plain = createApi();
    expect((await api.call(operationId, { body })).status).toBe(201);
    const { backorderLimit: _, allowBackorder: __, ...rest } = body as Record<string, unknown>;
    await plain.call(operationId, { body: rest });
    expect(api.requests[0]?.request.body).toEqual(plain.requests[0]?.request.body);
  });

  it.each([
    ['putProduct', { name: 'Kit', backorderLimit: -1 }, ['backorderLimit']],
    ['reserveStock', { lines: [], allowBackorder: 'yes' }, ['allowBackorder', 'lines']],
    ['reserveStock', { lines: [], allowBackorder: true }, ['lines']],
  ])('%s says what is malformed first: %j', async (operationId, body, paths) => {
    const answer = await createApi().call(operationId, { body });
    expect([answer.body.code, pathsOf(answer).toSorted()]).toEqual(['validation_failed', paths]);
  });

  it.each(['respond-async', 'wait=10, Respond-Async', 'respond-async; foo=bar'])(
    'confirmReservation hears that it may be done later: %s',
    async (Prefer) => {
      const api = createApi();
      expect((await api.call('confirmReservation', { headers: { Prefer } })).status).toBe(200);
      expect(api.requests[0]?.request.prefer).toContain('respond-async');
    },
  );

  it('passes other preferences on, and all of them elsewhere', async () => {
    const api = createApi();
    await api.call('confirmReservation', { headers: { Prefer: ['return=minimal', 'wait=5'] } });
    await api.call('releaseReservation', { headers: { Prefer: 'respond-async' } });
    expect(api.requests.map(({ request }) => request.prefer)).toEqual([
      ['return', 'wait'],
      ['respond-async'],
    ]);
  });
});
