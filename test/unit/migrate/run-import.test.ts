import { describe, expect, it } from 'vitest';
import type { RowProblem } from '../../../lib/migrate/import/import-report.ts';
import { runImport } from '../../../lib/migrate/import/run-import.ts';
import type { HttpRequest } from '../../../lib/replay/http/transport.ts';
import { apiOf, NO_PROGRESS } from '../operate/scripted-api.ts';
import { jsonLines, textSource } from './text-source.ts';

const NOW_MS = Date.parse('2026-11-24T10:00:00Z');
const product = (sku: string) => ({ kind: 'products', sku, name: sku });
const stock = (sku: string, quantity = 5) => ({ kind: 'stock', sku, locationId: 'n', quantity });
const hold = (id: string, seconds: number) => ({
  kind: 'reservations',
  id,
  lines: [{ sku: 'A', quantity: 1 }],
  expiresAt: new Date(NOW_MS + seconds * 1000).toISOString(),
});
const order = (id: string) => ({
  kind: 'reservations',
  id,
  status: 'confirmed',
  orderId: `o-${id}`,
  lines: [{ sku: 'A', quantity: 1 }],
});

const refusal = (code: string) => ({ code, detail: 'no' });
const NO_LEDGER = [200, { items: [], nextCursor: null }] as const;

/** Imports rows through an API that answers as the test says. */
async function run(rows: readonly object[], ...api: Parameters<typeof apiOf>) {
  const problems: RowProblem[] = [];
  const report = await runImport(
    { source: textSource('jsonl', jsonLines(...rows)), kind: undefined, concurrency: 8 },
    {
      client: apiOf(...api),
      clock: { now: () => NOW_MS },
      progress: NO_PROGRESS,
      onProblem: (problem) => problems.push(problem),
    },
  );
  return { report, problems };
}

describe('an import', () => {
  it('sends no stock before the products above it are there', async () => {
    const log: string[] = [];
    const rows = [product('A'), product('B'), stock('A')];
    await run(rows, async (path, { method }) => {
      log.push(`${method} ${path.split('?')[0]}`);
      if (method === 'PUT') await new Promise((resolve) => setTimeout(resolve, 20));
      log.push(`done ${path.split('?')[0]}`);
      return method === 'GET' ? NO_LEDGER : [201, {}];
    });
    expect(log.indexOf('GET /movements')).toBeGreaterThan(log.indexOf('done /products/A'));
    expect(log.indexOf('GET /movements')).toBeGreaterThan(log.indexOf('done /products/B'));
  });

  it('waits as long as a busy service asks, and then goes on', async () => {
    const waits: number[] = [];
    let calls = 0;
    const { report } = await run(
      [product('A')],
      () => {
        calls += 1;
        return calls < 3 ? [429, refusal('rate_limited'), { retryAfterSeconds: 2 }] : [201, {}];
      },
      async (milliseconds) => void waits.push(milliseconds),
    );
    expect(report).toMatchObject({ ok: true, kinds: { products: { imported: 1 } } });
    expect(waits).toEqual([2000, 2000]);
  });

  it('ends at once with a key that may not do it', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => product(`P${index}`));
    let calls = 0;
    const imported = run(rows, () => {
      calls += 1;
      return [403, refusal('forbidden')];
    });
    await expect(imported).rejects.toThrow('403');
    expect(calls).toBeLessThan(20);
  });

  it('books no opening balance where others have moved units, and never another one than before', async () => {
    const sent: HttpRequest[] = [];
    const others = { items: [{ type: 'receipt', reference: 'delivery' }], nextCursor: null };
    const ours = {
      items: [{ type: 'shipment' }, { type: 'receipt', reference: 'opening-balance' }],
      nextCursor: null,
    };
    const { report, problems } = await run([stock('A'), stock('B'), stock('C', 0)], (path, request) => {
      if (request.method === 'GET') return [200, path.includes('sku=A') ? others : ours];
      sent.push(request);
      return [422, refusal('idempotency_key_reused')];
    });
    expect(sent.map(({ body }) => body)).toMatchObject([{ sku: 'B', type: 'receipt' }]);
    expect(report.kinds['stock']).toMatchObject({ different: 2, unchanged: 1 });
    expect(problems.map(({ line, became }) => [line, became])).toEqual(
      expect.arrayContaining([
        [1, 'different'],
        [2, 'different'],
      ]),
    );
  });
});

describe('an open reservation', () => {
  it('gets the time that is left, and nothing more when it is imported again', async () => {
    const bodies: unknown[] = [];
    const { report } = await run([hold('r1', 120), hold('r2', 3)], (path, { body }) => {
      if (path === '/reservations') return [201, { reservationId: 'x' }];
      bodies.push(body);
      return [422, refusal('idempotency_key_reused')];
    });
    expect(bodies).toEqual([{ ttlSeconds: 120 }]);
    expect(report.kinds['reservations']).toMatchObject({ unchanged: 1, expired: 1 });
  });

  it('is held anew when a run before ended between hold and confirmation', async () => {
    const keys: (string | undefined)[] = [];
    const { report } = await run([order('r1')], (path, { idempotencyKey }) => {
      if (path === '/reservations') {
        keys.push(idempotencyKey);
        return [201, { reservationId: `x${keys.length}` }];
      }
      return path.includes('x1') ? [409, refusal('reservation_expired')] : [200, {}];
    });
    expect(report).toMatchObject({ ok: true, kinds: { reservations: { imported: 1 } } });
    expect(new Set(keys).size).toBe(2);
  });

  it('that was promised without units is a difference, with what is there', async () => {
    const { problems } = await run([order('r1')], () => [
      409,
      { code: 'insufficient_stock', detail: 'no', lines: [{ sku: 'A', requested: 1, available: 0 }] },
    ]);
    expect(problems).toMatchObject([
      { line: 1, id: 'r1', became: 'different', reason: expect.stringContaining('A: 1 asked for, 0 there') },
    ]);
  });
});
