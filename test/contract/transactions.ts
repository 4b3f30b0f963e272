import { expect, it } from 'vitest';
import {
  ABSENT,
  type Condition,
  type FieldChange,
  type GuardedWrite,
  PRESENT,
} from '../../lib/domain/guarded-write.ts';
import { check, type Named, put, readBack, remove, storeAll, update } from '../support/guarded-writes.ts';
import { freshTenant, quotaRecord, reservationRecord, stockRecord } from '../support/stored-records.ts';
import type { OpenStore } from './open-store.ts';

const atLeast = (value: number): Condition => ({ is: 'atLeast', field: 'available', value });
const take = (quantity: number): FieldChange[] => [
  { change: 'add', field: 'available', by: -quantity },
  { change: 'add', field: 'promised', by: quantity },
  { change: 'add', field: 'version', by: 1 },
];

/** As many writes as a transaction takes. */
const WRITES_MAX = 100;

const stocks = (tenantId: string, count: number): Named[] =>
  Array.from({ length: count }, (_, index) => [
    'stock',
    stockRecord({ tenantId, sku: `sku-${index}`, onHand: index }),
  ]);

export function testTransactions(open: OpenStore): void {
  it('writes all', async () => {
    const store = open();
    const tenantId = freshTenant();
    const quota = quotaRecord({ tenantId, available: 5 });
    const gone = ['stock', stockRecord({ tenantId })] as const;
    const hold = ['reservation', reservationRecord({ tenantId })] as const;
    await storeAll(store, ['quota', quota], gone);
    const writes = [
      update(['quota', quota], take(5), atLeast(5)),
      put(hold, ABSENT),
      remove(gone, PRESENT),
      check(['tenant', { tenantId }], ABSENT),
    ];
    expect(await store.commit(writes)).toEqual({ outcome: 'committed', after: undefined });
    expect(await readBack(['quota', quota], store)).toEqual({
      ...quota,
      available: 0,
      promised: 5,
      version: 2,
    });
    expect(await readBack(hold, store)).toEqual(hold[1]);
    expect(await readBack(gone, store)).toBeUndefined();
  });

  it('writes none when one is refused, and says which and why', async () => {
    const store = open();
    const tenantId = freshTenant();
    const at = (sku: string, available: number) => quotaRecord({ tenantId, sku, available });
    const [enough, short, none] = [at('enough', 9), at('short', 1), at('none', 0)];
    const hold = ['reservation', reservationRecord({ tenantId })] as const;
    await storeAll(store, ['quota', enough], ['quota', short], hold);
    const writes = [
      update(['quota', enough], take(2), atLeast(2)),
      update(['quota', short], take(2), atLeast(2)),
      check(['tenant', { tenantId }], ABSENT),
      update(['quota', none], take(2), atLeast(2)),
      put(['reservation', { ...hold[1], nonce: 'another' }], ABSENT),
    ];
    const images = new Map<number, object | undefined>([
      [1, short],
      [3, undefined],
      [4, hold[1]],
    ]);
    expect(await store.commit(writes)).toEqual({ outcome: 'refused', images });
    expect(await readBack(['quota', enough], store)).toEqual(enough);
    expect(await readBack(hold, store)).toEqual(hold[1]);
  });

  it('returns no record after several updates', async () => {
    const store = open();
    const tenantId = freshTenant();
    const quotas = ['a', 'b'].map((sku) => quotaRecord({ tenantId, sku, available: 1 }));
    await storeAll(store, ...quotas.map((quota): Named => ['quota', quota]));
    const writes = quotas.map((quota) => update(['quota', quota], take(1), atLeast(1)));
    expect(await store.commit(writes)).toEqual({ outcome: 'committed', after: undefined });
  });

  it(`takes ${WRITES_MAX} writes and no more`, async () => {
    const store = open();
    const tenantId = freshTenant();
    const most = stocks(tenantId, WRITES_MAX).map((named) => put(named, ABSENT));
    expect((await store.commit(most)).outcome).toBe('committed');
    const tooMany = stocks(tenantId, WRITES_MAX + 1).map((named) => put(named));
    await expect(store.commit(tooMany)).rejects.toThrow('100 writes, not 101');
  });

  it('says of a hundred which ones were refused', async () => {
    const store = open();
    const tenantId = freshTenant();
    const records = stocks(tenantId, WRITES_MAX);
    const there = records.filter((_, index) => index % 33 === 0);
    await storeAll(store, ...there);
    const images = new Map(there.map(([, record], index) => [index * 33, record]));
    expect(await store.commit(records.map((named) => put(named, ABSENT)))).toEqual({
      outcome: 'refused',
      images,
    });
  });

  const stock = stockRecord({ tenantId: 'nobody' });
  const bugs: readonly (readonly [string, readonly GuardedWrite[], string])[] = [
    ['no writes', [], 'without writes'],
    ['a record twice', [put(['stock', stock]), check(['stock', stock], PRESENT)], 'a record twice'],
    ['a check without a condition', [check(['stock', stock])], 'checks nothing'],
    [
      'a put under another key',
      [{ ...put(['stock', stock]), key: { ...stock, sku: 'other' } } as GuardedWrite],
      'another sku than its own',
    ],
    [
      'a field that is changed twice',
      [update(['quota', quotaRecord()], [...take(1), ...take(1)], PRESENT)],
      'changes a field twice',
    ],
    [
      'a change of the key',
      [update(['stock', stock], [{ change: 'set', field: 'sku', value: 'other' }], PRESENT)],
      'sku is the key of a stock',
    ],
    [
      'a key with other fields',
      [
        {
          ...update(['stock', stock], [{ change: 'add', field: 'version', by: 1 }]),
          key: stock,
        } as GuardedWrite,
      ],
      'is no part of the key of a stock',
    ],
  ];
  it.each(bugs)('refuses, as a bug, %s', async (_, writes, message) => {
    await expect(open().commit(writes)).rejects.toThrow(message);
  });
}
