import { beforeEach, describe, expect, it } from 'vitest';
import { completeChanges } from '../../../lib/application/complete-changes.ts';
import { StoreUnavailableError } from '../../../lib/application/ports.ts';
import { referenceHash } from '../../../lib/application/reference-hash.ts';
import type { StreamedRecord } from '../../../lib/application/streamed-record.ts';
import { CappedShop } from '../../support/capped-shop.ts';
import { TENANT } from '../../support/world.ts';

let shop: CappedShop;

beforeEach(async () => {
  shop = new CappedShop();
  await shop.open(100);
});

/** What the stream has to show, as the function of the stream gets it. */
const records = (): StreamedRecord[] =>
  shop.take().map(({ change, partition }, index) => ({
    position: String(index),
    recordKey: `${partition} ${index}`,
    committedAtMs: shop.world.clock.now(),
    raw: {},
    change,
  }));

const complete = (shown: readonly StreamedRecord[]) =>
  completeChanges({ ...shop.world, ...shop.deps }, shown, {
    deadlineMs: Number.POSITIVE_INFINITY,
    followDemand: async () => {},
    report: () => {},
  });

const listed = async () => [
  (await shop.list())?.holds.length,
  (await shop.list(referenceHash(shop.world, TENANT, 'cart')))?.holds.length,
];

describe('the function of the stream', () => {
  it('lists a hold for its tenant and for its reference', async () => {
    await shop.hold({ reference: 'cart' });
    expect(await complete(records())).toMatchObject({ failed: [] });
    expect(await listed()).toEqual([1, 1]);
  });

  it('lists nothing of a tenant without caps', async () => {
    const holdCounting = { book: shop.book, capsOf: () => undefined };
    await shop.hold({ reference: 'cart' });
    const shown = records();
    await completeChanges({ ...shop.world, ...shop.deps, holdCounting }, shown, {
      deadlineMs: Number.POSITIVE_INFINITY,
      followDemand: async () => {},
      report: () => {},
    });
    expect(await listed()).toEqual([undefined, undefined]);
  });

  it('wants a hold shown again that could not be listed, and lists it then', async () => {
    await shop.hold({ reference: 'cart' });
    const shown = records();
    const { put } = shop.book;
    shop.book.put = () => Promise.reject(new StoreUnavailableError('down'));
    const { failed } = await complete(shown);
    expect(failed.length).toBeGreaterThan(0);
    shop.book.put = put;
    expect(await complete(shown)).toMatchObject({ failed: [] });
    expect(await listed()).toEqual([1, 1]);
  });

  it('lists what several changed at once', async () => {
    await Promise.all([shop.hold({ reference: 'cart' }), shop.hold({ reference: 'cart' })]);
    const shown = records();
    const [some, rest] = [shown.slice(0, shown.length / 2), shown.slice(shown.length / 2)];
    await Promise.all([complete(some), complete(rest)]);
    await complete(shown);
    expect(await listed()).toEqual([2, 2]);
  });
});
