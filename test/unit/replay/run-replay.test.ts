import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Progress } from '../../../lib/command-line/progress.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../../lib/replay/http/transport.ts';
import { renderReport } from '../../../lib/replay/render-report.ts';
import { parseReplayOptions } from '../../../lib/replay/replay-options.ts';
import { runReplay } from '../../../lib/replay/run-replay.ts';
import { FakeShop, type FakeShopSettings, type Trouble } from './fake-shop.ts';
import { HASTY_CLOCK } from './stage.ts';

const SILENT: Progress = { start: () => undefined, advance: () => undefined, end: () => undefined };
const random = { fraction: Math.random };

function replay(flags: readonly string[], shop: Transport) {
  const openApi = () => Promise.resolve(shop);
  const world = { clock: HASTY_CLOCK, random, progress: SILENT, openApi, unfinishedMaxMs: 0 };
  return runReplay(parseReplayOptions(flags), world);
}

const run = (flags: readonly string[], settings: FakeShopSettings = {}) =>
  replay(flags, new FakeShop(settings));

const SCARCE = ['--stock-factor', '0.6'];
const randomTrouble = (): Trouble | undefined => {
  const draw = Math.random();
  if (draw < 0.05) return 'cutAfter';
  if (draw < 0.1) return 'cutBefore';
  return draw < 0.15 ? 'badGateway' : undefined;
};
const UNRELIABLE: FakeShopSettings = { delay: () => sleep(Math.random() * 3), trouble: randomTrouble };

describe('a replay of the sample', () => {
  it('sells everything when everything is there, but for what is released', async () => {
    const report = await run([]);
    const { outcomes, invoices, audit, ok } = report;
    expect(ok).toBe(true);
    expect(outcomes.refused.orders).toBe(0);
    expect(outcomes.held.orders).toBe(outcomes.shipped.orders + outcomes.released.orders);
    expect(outcomes.released.orders).toBeGreaterThan(0);
    expect(invoices.split).toBe(1);
    expect(audit).toEqual({ skus: 91, failed: [] });
  });

  it('refuses what is scarce', async () => {
    const { outcomes, ok } = await run(SCARCE);
    expect(ok).toBe(true);
    expect(outcomes.refused.orders).toBeGreaterThan(0);
    expect(outcomes.shipped.orders).toBeGreaterThan(0);
  });

  it('comes out the same at any concurrency, with delays, cut connections and retries', async () => {
    const calm = await run([...SCARCE, '--concurrency', '1']);
    for (const concurrency of ['2', '16', '64']) {
      const wild = await run([...SCARCE, '--concurrency', concurrency], UNRELIABLE);
      expect(wild.throughput.retries).toBeGreaterThan(0);
      expect(wild.digest).toBe(calm.digest);
      expect(wild.outcomes).toEqual(calm.outcomes);
    }
  });

  it('comes out otherwise with another seed, limit or factor', async () => {
    const variants = [[], ['--stock-factor', '2'], ['--seed', '2'], ['--limit', '30'], SCARCE];
    const digests = await Promise.all(variants.map(async (flags) => (await run(flags)).digest));
    expect(new Set(digests).size).toBe(variants.length);
  });

  it('comes out the same against a shop that has seen it before', async () => {
    const shop = new FakeShop();
    const first = await replay([], shop);
    const again = await replay([], shop);
    expect(again.digest).toBe(first.digest);
    expect(again.ok).toBe(true);
  });

  it('does not meet a replay with other options in the same shop', async () => {
    const shop = new FakeShop();
    await replay([], shop);
    await expect(replay(['--seed', '2'], shop)).resolves.toMatchObject({ ok: true });
  });

  it('spreads the products over locations, each in one', async () => {
    const shop = new FakeShop();
    await replay(['--locations', '3'], shop);
    const moved = shop.requests.filter(({ path }) => path === '/movements').map(({ body }) => body);
    const places = new Map<string, Set<string>>();
    for (const { sku, locationId } of moved as { sku: string; locationId: string }[]) {
      places.set(sku, (places.get(sku) ?? new Set()).add(locationId));
    }
    expect([...places.values()].every((locations) => locations.size === 1)).toBe(true);
    expect(new Set([...places.values()].flatMap((locations) => [...locations])).size).toBe(3);
  });

  it('sends carts of at most 50 lines, each sku once', async () => {
    const shop = new FakeShop();
    await replay([], shop);
    const carts = shop.requests.flatMap(({ path, body }) =>
      path === '/reservations' ? [(body as { lines: { sku: string }[] }).lines] : [],
    );
    expect(Math.max(...carts.map((lines) => lines.length))).toBe(50);
    expect(carts.every((lines) => new Set(lines.map(({ sku }) => sku)).size === lines.length)).toBe(true);
  });

  it('stops when the key may not do what it must', async () => {
    const shop = new FakeShop();
    const body = { code: 'forbidden' };
    const guarded = {
      send: (request: HttpRequest): Promise<HttpAnswer> =>
        request.method === 'PUT'
          ? Promise.resolve({ status: 403, body, retryAfterSeconds: undefined })
          : shop.send(request),
      close: () => shop.close(),
    };
    await expect(replay([], guarded)).rejects.toThrow(/PUT \/locations\/.* was answered with 403.*forbidden/);
    expect(shop.closed).toBe(true);
  });

  it('closes its connections', async () => {
    const shop = new FakeShop();
    await replay(['--limit', '1'], shop);
    expect(shop.closed).toBe(true);
  });
});

describe('a shop that does something wrong once', () => {
  /** Spoils one balance, the first time that a request like this has taken effect. */
  function once(
    path: RegExp,
    spoil: (balance: FakeShop['balances'] extends Map<string, infer B> ? B : never) => void,
  ) {
    let isDone = false;
    const sabotage: FakeShopSettings['sabotage'] = (request, balanceOf) => {
      if (isDone || !path.test(request.path)) return;
      isDone = true;
      spoil(balanceOf(firstSku));
    };
    return { sabotage };
  }
  // The first product of the sample's first invoice.
  let firstSku = '';

  it.each([
    ['loses a unit when it ships', /ship$/, 'onHand', -1],
    ['makes a unit up when it receives', /movements$/, 'onHand', 1],
    ['keeps a unit of a hold', /reservations$/, 'held', 1],
    ['keeps a unit of an order', /confirm$/, 'committed', 1],
  ] as const)('is found out when it %s', async (_what, path, field, by) => {
    const honest = new FakeShop();
    await replay(['--limit', '20'], honest);
    firstSku = [...honest.balances.keys()][0] ?? '';
    const report = await run(
      ['--limit', '20'],
      once(path, (balance) => {
        balance[field] += by;
      }),
    );
    expect(report.ok).toBe(false);
    expect(report.audit.failed).toHaveLength(1);
    expect(renderReport(report)).toContain('FAILED for 1 of');
  });
});
