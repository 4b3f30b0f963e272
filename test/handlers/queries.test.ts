import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../lib/config/routes.ts';
import { createApi, pathsOf } from './api.ts';

const lists = ['listProducts', 'listLocations', 'listReservations', 'listKeys'];

const query = async (operationId: string, sent: Record<string, string | readonly string[]>) => {
  const api = createApi();
  const answer = await api.call(operationId, { query: sent });
  return { answer, parsed: api.requests[0]?.request.query as Record<string, unknown> | undefined };
};

describe('the query', () => {
  it.each(ROUTES.map(({ operationId }) => operationId))(
    '%s refuses parameters it does not know',
    async (operationId) => {
      const required = operationId === 'listMovements' || operationId === 'auditStock' ? { sku: 'A' } : {};
      for (const unknown of ['debug', 'Limit', '__proto__', 'constructor', 'tenantId']) {
        const sent = Object.fromEntries([...Object.entries(required), [unknown, '1']]);
        const { answer } = await query(operationId, sent);
        expect([answer.status, answer.body.code, pathsOf(answer)]).toEqual([
          400,
          'validation_failed',
          [unknown],
        ]);
      }
    },
  );

  it('refuses a parameter that is given twice, though each is good', async () => {
    const { answer } = await query('listProducts', { limit: ['10', '10'], prefix: ['A', '#'] });
    expect([answer.body.code, pathsOf(answer).toSorted()]).toEqual([
      'validation_failed',
      ['limit', 'prefix'],
    ]);
  });

  it.each(lists)('%s takes a page of 1 to 100, by default 25', async (operationId) => {
    expect((await query(operationId, {})).parsed).toMatchObject({ limit: 25 });
    for (const limit of [1, 100]) {
      expect((await query(operationId, { limit: String(limit) })).parsed).toMatchObject({ limit });
    }
    for (const limit of [
      '',
      '0',
      '-1',
      '101',
      '1e9',
      '1e1',
      '5.0',
      'abc',
      '025',
      ' 5',
      '٣',
      '9'.repeat(400),
    ]) {
      expect(pathsOf((await query(operationId, { limit })).answer)).toEqual(['limit']);
    }
  });

  it.each(lists)('%s takes any text for a cursor: only its signature tells', async (operationId) => {
    for (const cursor of ['', 'abc', '{"pk":"x"}', 'x'.repeat(5_000), '\u0000']) {
      expect((await query(operationId, { cursor })).parsed).toMatchObject({ cursor });
    }
  });

  it.each([
    ['listProducts', { status: 'active' }],
    ['listProducts', { status: 'archived', prefix: 'A' }],
    ['listReservations', { status: 'partially_shipped' }],
    ['listReservations', { status: 'expired', reference: 'Größe 42', sku: 'A' }],
    ['getStock', { consistency: 'eventual' }],
    ['listMovements', { locationId: 'b', type: 'shipment' }],
  ])('%s takes %j', async (operationId, sent) => {
    expect((await query(operationId, sent)).parsed).toMatchObject(sent);
  });

  it.each([
    ['listProducts', { status: 'held' }, ['status']],
    ['listProducts', { status: '' }, ['status']],
    ['listProducts', { prefix: '#' }, ['prefix']],
    ['listProducts', { prefix: '\uFFFF' }, ['prefix']],
    ['listProducts', { prefix: 'a'.repeat(65) }, ['prefix']],
    ['listReservations', { status: 'HELD' }, ['status']],
    ['listReservations', { reference: '' }, ['reference']],
    ['listReservations', { reference: 'a\nb', sku: '../x' }, ['reference', 'sku']],
    ['getStock', { consistency: 'STRONG' }, ['consistency']],
    ['auditStock', {}, ['sku']],
    ['auditStock', { sku: 'a b' }, ['sku']],
    ['listMovements', {}, ['locationId', 'sku']],
    ['listMovements', { type: 'receipt', limit: '5' }, ['locationId', 'sku']],
    ['listMovements', { sku: 'A', type: 'transfer_in' }, ['type']],
    ['listMovements', { sku: '#' }, ['sku']],
  ])('%s refuses %j', async (operationId, sent, paths) => {
    const { answer } = await query(operationId, sent);
    expect([answer.body.code, pathsOf(answer).toSorted()]).toEqual(['validation_failed', paths]);
  });

  it('has eventual reads by default', async () => {
    expect((await query('getStock', {})).parsed).toEqual({ consistency: 'eventual' });
  });
});

describe('a time', () => {
  it.each([
    ['2026-11-24T09:30:00Z', Date.UTC(2026, 10, 24, 9, 30)],
    ['2026-11-24T09:30:00.123Z', Date.UTC(2026, 10, 24, 9, 30, 0, 123)],
    ['2026-11-24T09:30:00+01:00', Date.UTC(2026, 10, 24, 8, 30)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ])('may be %s', async (text, milliseconds) => {
    const { parsed } = await query('listMovements', { sku: 'A', from: text, to: text });
    expect(parsed).toMatchObject({ from: milliseconds, to: milliseconds });
  });

  it.each([
    '',
    '2026-11-24',
    '2026-11-24T09:30:00',
    '2026-11-24 09:30:00Z',
    '2026-11-24T09:30Z',
    '2026-11-24T09:30:00 01:00',
    '0000-00-00T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-11-24T23:59:60Z',
    '2026-11-24T24:00:00Z',
    '2026-11-24T09:30:00+25:00',
    '+275760-09-13T00:00:00Z',
    '1795540828',
    'yesterday',
  ])('must not be "%s"', async (text) => {
    expect(pathsOf((await query('listMovements', { sku: 'A', from: text })).answer)).toEqual(['from']);
  });
});
