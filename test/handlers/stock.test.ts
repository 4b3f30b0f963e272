import { describe, expect, it } from 'vitest';
import { answerStock, stockHeaders } from '../../lambdas/http/answers/stock.ts';
import type { AnyResult } from '../../lambdas/http/operation.ts';
import type { SkuStock } from '../../lib/application/read-stock.ts';
import { createApi } from './api.ts';

const LOCATION = {
  locationId: 'ber-1',
  region: 'us-east-1',
  onHand: 12,
  available: 5,
  held: 2,
  committed: 3,
  keptBack: 2,
  shortage: 0,
};

interface Asked {
  readonly consistency?: 'eventual' | 'strong';
  readonly asOfMs?: number;
  readonly available?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks for a stock, as the handler answers it. */
async function ask({ consistency = 'eventual', asOfMs = 1_000, available = 5, headers = {} }: Asked = {}) {
  const stock: SkuStock = {
    sku: 'KEYBOARD-01',
    asOfMs,
    locations: [{ ...LOCATION, available }],
    regions: [{ region: 'us-east-1', available }],
  };
  const body = answerStock(stock, consistency);
  const api = createApi();
  api.results.set('getStock', { status: 200, body, ...stockHeaders(body) } as AnyResult);
  return api.call('getStock', { headers });
}

describe('an eventual answer about stock', () => {
  it('shows the sums and what is kept back', async () => {
    const { body } = await ask();
    expect(body).toMatchObject({ onHand: 12, available: 5, held: 2, committed: 3, safetyStock: 2 });
    expect(body['asOf']).toBe('1970-01-01T00:00:01.000Z');
  });

  it('may be kept for a second by its caller, and says what it says by a weak tag', async () => {
    const { headers } = await ask();
    expect(headers['Cache-Control']).toBe('private, max-age=1');
    expect(headers['ETag']).toMatch(/^W\/"[0-9a-f]{16}"$/);
  });

  it('has the same tag as long as it says the same, whenever that is', async () => {
    const { headers } = await ask();
    expect((await ask({ asOfMs: 99_000 })).headers['ETag']).toBe(headers['ETag']);
    expect((await ask({ available: 4 })).headers['ETag']).not.toBe(headers['ETag']);
  });

  it('is 304 for who has it, and 200 for who has another', async () => {
    const tag = String((await ask()).headers['ETag']);
    const same = await ask({ asOfMs: 99_000, headers: { 'If-None-Match': tag } });
    expect([same.status, same.text, same.headers['ETag']]).toEqual([304, '', tag]);
    expect(same.headers['Cache-Control']).toBe('private, max-age=1');
    const changed = await ask({ available: 4, headers: { 'If-None-Match': tag } });
    expect([changed.status, changed.body['available']]).toEqual([200, 4]);
  });
});

describe('a strong answer about stock', () => {
  it('is never kept, and has nothing to ask for it again by', async () => {
    const answer = await ask({ consistency: 'strong', headers: { 'If-None-Match': '*' } });
    expect([answer.status, answer.headers['Cache-Control']]).toEqual([200, 'no-store']);
    expect(answer.headers).not.toHaveProperty('ETag');
  });
});
