import { describe, expect, it } from 'vitest';
import { createApi, pathsOf } from './api.ts';

const line = (sku: string, locationId?: string) => ({ sku, quantity: 1, ...(locationId && { locationId }) });
const many = (count: number) => Array.from({ length: count }, (_, index) => line(`S${index}`));

describe.each(['reserveStock', 'confirmReservation', 'releaseReservation', 'shipReservation'])(
  'the lines of %s',
  (operationId) => {
    const send = (lines: unknown) => createApi().call(operationId, { body: { lines } });

    it.each([
      ['one', many(1)],
      ['fifty', many(50)],
      ['the same sku at two locations and anywhere', [line('A'), line('A', 'b'), line('A', 'c')]],
      ['skus that differ in case', [line('A'), line('a')]],
    ])('may be %s', async (_case, lines) => {
      expect((await send(lines)).status).toBeLessThan(300);
    });

    it.each([
      ['none', [], ['lines']],
      ['fifty-one', many(51), ['lines']],
      ['no list', { 0: line('A') }, ['lines']],
      ['null', null, ['lines']],
      ['a list of something else', ['A', null], ['lines.0', 'lines.1']],
      ['the same sku twice', [line('A'), line('B'), line('A')], ['lines.2.sku']],
      ['the same sku at the same location', [line('A', 'b'), line('A'), line('A', 'b')], ['lines.2.sku']],
      ['the same sku three times', [line('A'), line('A'), line('A')], ['lines.1.sku', 'lines.2.sku']],
      [
        'twins that fail otherwise too',
        [line('A'), { sku: 'A', quantity: 0 }],
        ['lines.1.quantity', 'lines.1.sku'],
      ],
    ])('must not be %s', async (_case, lines, paths) => {
      const answer = await send(lines);
      expect([answer.body.code, pathsOf(answer).toSorted()]).toEqual(['validation_failed', paths]);
    });
  },
);

describe('defaults', () => {
  it('are filled in before the operation sees the body', async () => {
    const api = createApi();
    await api.call('reserveStock');
    await api.call('putProduct');
    await api.call('putLocation');
    await api.call('confirmReservation');
    expect(api.requests.map(({ request }) => request.body)).toEqual([
      { lines: [{ sku: 'KEYBOARD-01', quantity: 2 }], ttlSeconds: 900, allowPartial: false, metadata: {} },
      { name: 'Keyboard', unit: 'each', attributes: {}, safetyStock: 0 },
      { name: 'Berlin', region: 'us-east-1', type: 'warehouse', priority: 100 },
      {},
    ]);
  });
});

describe('tenants and keys', () => {
  it.each([
    ['no scope', { scopes: [] }, ['scopes']],
    ['a scope twice', { scopes: ['read', 'read'] }, ['scopes.1']],
    ['an unknown scope', { scopes: ['root'] }, ['scopes.0']],
    ['scopes as text', { scopes: 'read' }, ['scopes']],
    ['a tenant of its own', { scopes: ['read'], tenantId: 'rival' }, ['tenantId']],
  ])('a key must not have %s', async (_case, body, paths) => {
    expect(pathsOf(await createApi().call('createKey', { body }))).toEqual(paths);
    expect(pathsOf(await createApi().call('createTenantKey', { body }))).toEqual(paths);
  });

  it.each([
    ['tenantId', { tenantId: '~operator', name: 'A', tier: 'free' }],
    ['tier', { tenantId: 'a', name: 'A', tier: 'gold' }],
    ['name', { tenantId: 'a', tier: 'free' }],
    ['homeRegion', { tenantId: 'a', name: 'A', tier: 'free', homeRegion: 'US_EAST' }],
  ])('a tenant must have a good %s', async (path, body) => {
    expect(pathsOf(await createApi().call('createTenant', { body }))).toEqual([path]);
  });

  it.each(['mars', '', 'us-east', 'us-east-1\n', `us-${'a-'.repeat(5_000)}1`])(
    'a region must not be "%s"',
    async (region) => {
      const answer = await createApi().call('putLocation', { body: { name: 'B', region } });
      expect(pathsOf(answer)).toEqual(['region']);
    },
  );

  it('a batch names 1 to 100 products', async () => {
    const send = (count: number) =>
      createApi().call('batchGetStock', { body: { skus: Array(count).fill('A') } });
    expect([(await send(1)).status, (await send(100)).status]).toEqual([200, 200]);
    expect([pathsOf(await send(0)), pathsOf(await send(101))]).toEqual([['skus'], ['skus']]);
  });
});
