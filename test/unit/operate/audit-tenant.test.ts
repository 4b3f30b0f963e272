import { describe, expect, it } from 'vitest';
import { parseAuditOptions } from '../../../lib/operate/audit/audit-options.ts';
import { auditTenant } from '../../../lib/operate/audit/audit-tenant.ts';
import { renderAudit } from '../../../lib/operate/audit/render-audit.ts';
import { OutOfPatienceError } from '../../../lib/replay/http/patient-client.ts';
import { apiOf, NO_PROGRESS } from './scripted-api.ts';

const GOOD = { ok: true, stable: true, violations: [] };
const BAD = { ok: false, stable: true, violations: ['north: wrong', 'south: wrong'] };
const BUSY = { ok: false, stable: false, violations: ['north: passing'] };

/** Products, each with what its audits say one after another; the last one for ever. */
function shop(audits: Record<string, readonly object[]>) {
  const asked: string[] = [];
  const skus = Object.keys(audits);
  const client = apiOf((path) => {
    asked.push(path);
    const query = new URLSearchParams(path.split('?')[1]);
    if (path.startsWith('/products?')) {
      const start = Number(query.get('cursor') ?? 0);
      const items = skus.slice(start, start + 2).map((sku) => ({ sku, name: 'x' }));
      return [200, { items, nextCursor: start + 2 < skus.length ? String(start + 2) : null }];
    }
    const given = audits[query.get('sku') ?? ''] ?? [];
    const seen = asked.filter((one) => one === path).length;
    const found = given[Math.min(seen, given.length) - 1];
    return found === undefined ? [503, {}] : [200, found];
  });
  const world = { client, clock: { sleep: async () => undefined }, progress: NO_PROGRESS };
  const run = (prefix = '') => auditTenant({ ...world, unfinishedMaxMs: 100 }, { prefix, concurrency: 4 });
  return { run, asked };
}

describe('an audit of a tenant', () => {
  it('looks at every product, and twice at what is wrong', async () => {
    const { run, asked } = shop({
      a: [GOOD],
      'b c': [BAD],
      d: [BAD, GOOD],
      e: [GOOD],
      f: [BUSY, BUSY, GOOD],
    });
    const result = await run();
    expect(result).toEqual({
      checked: 5,
      drifts: [{ sku: 'b c', objections: BAD.violations }],
      unsettled: [],
      ok: false,
    });
    expect(asked.filter((path) => path === '/audit?sku=b%20c')).toHaveLength(2);
    expect(renderAudit(result).split('\n')).toEqual([
      'sku  violation',
      'b c  north: wrong',
      '     south: wrong',
      '',
      '5 products audited, 1 of them with books that do not agree.',
    ]);
  });

  it('calls nothing a drift that never held still, and says so', async () => {
    const { run } = shop({ a: [GOOD], b: [BUSY] });
    const result = await run();
    expect(result).toEqual({ checked: 1, drifts: [], unsettled: ['b'], ok: true });
    expect(renderAudit(result)).toContain('Not at rest long enough to tell: b.');
  });

  it('asks for some products only', async () => {
    const { run, asked } = shop({ a: [GOOD] });
    await run('SKU#1');
    expect(asked[0]).toBe('/products?limit=100&prefix=SKU%231');
  });

  it('asks again for a while when a region is out of reach, and then gives up', async () => {
    const { run, asked } = shop({ a: [] });
    await expect(run()).rejects.toThrow(OutOfPatienceError);
    expect(asked.length).toBeGreaterThan(2);
  });

  it.each([
    [[], '--key is needed'],
    [['--key', 'k', '--api', 'http://127.0.0.1:4001'], '--api must end in /v1'],
    [['--key', 'k', '--concurrency', 'x'], '--concurrency must be a whole number'],
  ])('says what is wrong with %j', (argv, message) => {
    expect(() => parseAuditOptions(argv)).toThrow(message);
  });
});
