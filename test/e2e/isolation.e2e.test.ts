import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES, type Route } from '../../lib/config/routes.ts';
import { contractOf, kindsOf } from '../support/isolation/fields.ts';
import { type Ids, ROWS } from '../support/isolation/rows.ts';
import { Caller, startTestStack, stockUp, type TestStack } from './stack.ts';

const REGIONS = ['us-east-1', 'eu-west-1'];

let test: TestStack;
/** In the other region than the things that they name. */
let rival: Caller;
let demoElsewhere: Caller;
let foreign: Ids;

beforeAll(async () => {
  test = await startTestStack(REGIONS);
  const elsewhere = test.stack.regions[1]?.api ?? '';
  rival = new Caller(elsewhere, test.stack.keys?.rival);
  demoElsewhere = test.demoIn('eu-west-1');
  foreign = await fill(test.demo);
  await test.control.expect(200, 'POST /quiesce', { timeoutMs: 60_000 });
}, 180_000);
afterAll(() => test?.stack.stop());

/** Things of every kind. */
async function fill(demo: Caller): Promise<Ids> {
  await stockUp(demo, 'iso-place', { 'iso-thing': 20 });
  const lines = [{ sku: 'iso-thing', quantity: 1 }];
  const hold = { lines, reference: 'iso-cart', metadata: { note: 'canary' } };
  const idempotencyKey = demo.nextKey();
  const held = await demo.expect(201, 'POST /reservations', hold, { idempotencyKey });
  const sold = await demo.expect(201, 'POST /reservations', hold);
  await demo.expect(200, `POST /reservations/${sold.body.reservationId}/confirm`, { orderId: 'iso-order' });
  await demo.expect(201, 'PUT /webhooks/iso-hook', { url: 'http://127.0.0.1:9/canary' });
  const ping = await demo.expect(202, 'POST /webhooks/iso-hook/ping', {});
  const key = await demo.expect(201, 'POST /keys', { scopes: ['read'], name: 'canary' });
  return {
    sku: 'iso-thing',
    locationId: 'iso-place',
    reservationId: held.body.reservationId,
    orderId: 'iso-order',
    reference: 'iso-cart',
    webhookId: 'iso-hook',
    deliveryId: ping.body.deliveryId,
    keyId: key.body.keyId,
    idempotencyKey,
  };
}

const absent = (): Ids => ({
  sku: 'no-thing',
  locationId: 'no-place',
  orderId: 'no-order',
  reference: 'no-cart',
  webhookId: 'no-hook',
  idempotencyKey: 'no-key',
  reservationId: foreign.reservationId.replace(/[0-9a-f]{32}/, 'f'.repeat(32)),
  deliveryId: foreign.deliveryId.replace(/[0-9a-f]{32}/, 'f'.repeat(32)),
  keyId: foreign.keyId.replace(/[0-9a-f]{20}$/, 'f'.repeat(20)),
});

function ask(caller: Caller, route: Route, ids: Ids) {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: keyof Ids) =>
    encodeURIComponent(ids[name] ?? ''),
  );
  const { query = {}, body } = ROWS[route.operationId]?.asks(ids) ?? {};
  const search = new URLSearchParams(query as Record<string, string>).toString();
  const where = `${route.method} ${path.slice('/v1'.length)}${search === '' ? '' : `?${search}`}`;
  return caller.call(where, body, { idempotencyKey: ids.idempotencyKey });
}

/** What makes things comes last: afterwards the caller has things of these names. */
const ASKED = ROUTES.filter(({ operationId }) => ROWS[operationId] !== undefined).toSorted(
  (a, b) => Number(a.method === 'PUT') - Number(b.method === 'PUT'),
);

describe('another tenant, in another region', () => {
  it.each(ASKED)('$operationId: is answered as if the things did not exist', async (route) => {
    const [answer, expected] = [await ask(rival, route, foreign), await ask(rival, route, absent())];
    expect([answer.status, answer.body.code]).toEqual([expected.status, expected.body.code]);
    expect(JSON.stringify(answer.body)).not.toContain('canary');
    const names = [...kindsOf(route)].some((kind) => route.path.includes(`{${kind}}`));
    if (names && route.method !== 'PUT')
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    const isList = contractOf(route).query?.shape['cursor'] !== undefined && route.operationId !== 'listKeys';
    if (isList && answer.status === 200) expect(answer.body.items).toEqual([]);
  });

  it('has changed nothing', async () => {
    const found = await test.demo.expect(200, `GET /reservations/${foreign.reservationId}`);
    expect(found.body).toMatchObject({ status: 'held', version: 1, metadata: { note: 'canary' } });
    const stock = await test.demo.expect(200, 'GET /stock/iso-thing?consistency=strong');
    expect(stock.body).toMatchObject({ onHand: 20, available: 18, held: 1, committed: 1 });
    expect((await test.demo.expect(200, 'GET /webhooks/iso-hook')).body.version).toBe(1);
    expect((await test.demo.expect(200, 'GET /audit?sku=iso-thing')).body.ok).toBe(true);
  });
});

describe('the tenant itself, in another region than its home', () => {
  it('lists and administers with credentials that are good in every region', async () => {
    const { body: products } = await demoElsewhere.expect(200, 'GET /products?prefix=iso');
    expect(products.items).toHaveLength(1);
    const { body: movements } = await demoElsewhere.expect(200, 'GET /movements?locationId=iso-place');
    expect(movements.items.length).toBeGreaterThan(0);
    const { body: held } = await demoElsewhere.expect(200, 'GET /reservations?reference=iso-cart');
    expect(held.items).toHaveLength(2);
    expect((await demoElsewhere.expect(200, 'GET /orders/iso-order')).body.orderId).toBe('iso-order');
    await demoElsewhere.expect(200, 'PUT /products/iso-thing', { name: 'Changed elsewhere' });
    const made = await demoElsewhere.expect(201, 'POST /keys', { scopes: ['read'] });
    await new Caller(test.stack.regions[0]?.api ?? '', made.body.secret).expect(200, 'GET /products');
    await demoElsewhere.expect(204, `DELETE /keys/${made.body.keyId}`);
  });

  it('is told to try again while there are no credentials to be had, and holds go on', async () => {
    await test.operator.expect(201, 'POST /tenants', { tenantId: 'late', name: 'Late', tier: 'unlimited' });
    const made = await test.operator.expect(201, 'POST /tenants/late/keys', { scopes: ['read'] });
    const late = new Caller(test.stack.regions[0]?.api ?? '', made.body.secret);
    await test.control.expect(200, 'POST /faults', { operation: 'AssumeRole', rate: 1, kind: 'error_500' });
    const refused = await late.expect(503, 'GET /movements?sku=iso-thing');
    expect(refused.body.code).toBe('region_unavailable');
    await test.demo.expect(201, 'POST /reservations', { lines: [{ sku: 'iso-thing', quantity: 1 }] });
    await test.control.call('DELETE /faults');
    await late.expect(200, 'GET /movements?sku=iso-thing');
  });
});
