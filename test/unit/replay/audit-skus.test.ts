import { describe, expect, it } from 'vitest';
import { auditSkus } from '../../../lib/replay/audit-skus.ts';
import { Books, objectionsTo } from '../../../lib/replay/books.ts';
import type { Audit, ShopApi } from '../../../lib/replay/http/shop-api.ts';
import { HASTY_CLOCK } from './stage.ts';

const AT_REST: Audit = {
  ok: true,
  stable: true,
  onHand: 3,
  held: 0,
  committed: 0,
  unbookedShipments: 0,
  violations: [],
};

function auditing(audits: readonly Audit[]) {
  const books = new Books();
  books.enter('received', [{ sku: 'a', quantity: 5 }]);
  books.enter('shipped', [{ sku: 'a', quantity: 3 }]);
  books.enter('returned', [{ sku: 'a', quantity: 1 }]);
  let asked = 0;
  const audit = () => Promise.resolve(audits[Math.min(asked++, audits.length - 1)] ?? AT_REST);
  const api = { audit } as unknown as ShopApi;
  return {
    run: (unfinishedMaxMs: number) =>
      auditSkus({ api, books, clock: HASTY_CLOCK }, ['a'], {
        concurrency: 1,
        onAudited: () => undefined,
        unfinishedMaxMs,
      }),
    times: () => asked,
  };
}

describe('objections to an audit', () => {
  it.each([
    ['a violation', { ...AT_REST, ok: false, violations: ['ledger 2, on hand 3'] }, 'ledger 2, on hand 3'],
    ['not ok without a reason', { ...AT_REST, ok: false }, 'does not say why'],
    ['no rest', { ...AT_REST, stable: false }, 'no two passes'],
    ['other units than the books', { ...AT_REST, onHand: 4 }, "4 on hand; the replay's books say 3"],
    ['units still held', { ...AT_REST, held: 1 }, '1 still held'],
    ['units still committed', { ...AT_REST, committed: 2 }, '2 still committed'],
  ])('%s', (_what, audit, objection) => {
    expect(objectionsTo(audit, 3).join()).toContain(objection);
  });

  it('none when all is well', () => {
    expect(objectionsTo(AT_REST, 3)).toEqual([]);
  });
});

describe('auditing', () => {
  it('waits for what a crash left behind', async () => {
    const { run, times } = auditing([
      { ...AT_REST, stable: false },
      { ...AT_REST, onHand: 6, unbookedShipments: 3 },
      { ...AT_REST, held: 1 },
      AT_REST,
    ]);
    await expect(run(60_000)).resolves.toEqual([]);
    expect(times()).toBe(4);
  });

  it('does not wait for a unit that is lost', async () => {
    const { run, times } = auditing([{ ...AT_REST, onHand: 2 }, AT_REST]);
    await expect(run(60_000)).resolves.toHaveLength(1);
    expect(times()).toBe(1);
  });

  it('does not wait for ever', async () => {
    const { run } = auditing([{ ...AT_REST, held: 1 }]);
    await expect(run(20)).resolves.toEqual([
      { sku: 'a', objections: [expect.stringContaining('1 still held')] },
    ]);
  });
});
