import { expect, it } from 'vitest';
import type { Condition } from '../../lib/domain/guarded-write.ts';
import { check, type Named, storeAll } from '../support/guarded-writes.ts';
import { confirmation, freshTenant, quotaRecord, reservationRecord } from '../support/stored-records.ts';
import type { OpenStore } from './open-store.ts';

const NOTHING = 'nothing';
const QUOTA = 'quota with 5 available';
const RECALLED = 'recalled quota';
const HELD = 'hold';
const CONFIRMED = 'confirmed reservation with an order id';

/** What is stored: the record that a condition is asked of, or nothing. */
const stored = (tenantId: string): Record<string, Named> => ({
  [QUOTA]: ['quota', quotaRecord({ tenantId, available: 5 })],
  [RECALLED]: ['quota', quotaRecord({ tenantId, recalled: true })],
  [HELD]: ['reservation', reservationRecord({ tenantId })],
  [CONFIRMED]: [
    'reservation',
    reservationRecord({ tenantId, status: 'confirmed', orderId: 'order', history: [confirmation()] }),
  ],
});

const available = { field: 'available' } as const;
const recalled = { field: 'recalled' } as const;
const status = { field: 'status' } as const;
const orderId = { field: 'orderId' } as const;
const history = { field: 'history' } as const;

type Row = readonly [given: string, condition: Condition, holds: boolean];

const ROWS: readonly Row[] = [
  [NOTHING, { is: 'absent' }, true],
  [QUOTA, { is: 'absent' }, false],
  [NOTHING, { is: 'present' }, false],
  [QUOTA, { is: 'present' }, true],

  [NOTHING, { is: 'missing', ...recalled }, true],
  [QUOTA, { is: 'missing', ...recalled }, true],
  [RECALLED, { is: 'missing', ...recalled }, false],

  [NOTHING, { is: 'equal', ...available, value: 0 }, false],
  [QUOTA, { is: 'equal', ...available, value: 5 }, true],
  [QUOTA, { is: 'equal', ...available, value: 6 }, false],
  [QUOTA, { is: 'equal', ...available, value: '5' }, false],
  [QUOTA, { is: 'equal', ...recalled, value: false }, false],
  [RECALLED, { is: 'equal', ...recalled, value: true }, true],
  [RECALLED, { is: 'equal', ...recalled, value: false }, false],
  [CONFIRMED, { is: 'equal', ...orderId, value: 'order' }, true],
  [CONFIRMED, { is: 'equal', ...orderId, value: 'Order' }, false],

  [NOTHING, { is: 'notEqual', ...recalled, value: true }, true],
  [QUOTA, { is: 'notEqual', ...recalled, value: true }, true],
  [RECALLED, { is: 'notEqual', ...recalled, value: true }, false],
  [RECALLED, { is: 'notEqual', ...recalled, value: false }, true],
  [QUOTA, { is: 'notEqual', ...available, value: 5 }, false],
  [QUOTA, { is: 'notEqual', ...available, value: '5' }, true],

  [NOTHING, { is: 'atLeast', ...available, value: 0 }, false],
  [QUOTA, { is: 'atLeast', ...available, value: 4 }, true],
  [QUOTA, { is: 'atLeast', ...available, value: 5 }, true],
  [QUOTA, { is: 'atLeast', ...available, value: 6 }, false],
  [QUOTA, { is: 'atLeast', field: 'unknown', value: 0 }, false],
  [HELD, { is: 'atLeast', ...status, value: 0 }, false],

  [NOTHING, { is: 'notAbove', ...available, value: 0 }, true],
  [QUOTA, { is: 'notAbove', ...available, value: 4 }, false],
  [QUOTA, { is: 'notAbove', ...available, value: 5 }, true],
  [QUOTA, { is: 'notAbove', ...available, value: 6 }, true],
  [QUOTA, { is: 'notAbove', field: 'unknown', value: 0 }, true],
  [HELD, { is: 'notAbove', ...status, value: 0 }, false],

  [NOTHING, { is: 'greater', ...available, value: 0 }, false],
  [QUOTA, { is: 'greater', ...available, value: 4 }, true],
  [QUOTA, { is: 'greater', ...available, value: 5 }, false],
  [QUOTA, { is: 'greater', field: 'unknown', value: 0 }, false],

  [NOTHING, { is: 'sizeBelow', ...history, value: 9 }, false],
  [HELD, { is: 'sizeBelow', ...history, value: 1 }, true],
  [CONFIRMED, { is: 'sizeBelow', ...history, value: 1 }, false],
  [CONFIRMED, { is: 'sizeBelow', ...history, value: 2 }, true],
  [HELD, { is: 'sizeBelow', field: 'unknown', value: 9 }, false],

  [NOTHING, { is: 'oneOf', ...status, values: ['held'] }, false],
  [HELD, { is: 'oneOf', ...status, values: ['confirmed', 'held'] }, true],
  [HELD, { is: 'oneOf', ...status, values: ['confirmed'] }, false],
  [HELD, { is: 'oneOf', ...orderId, values: ['order'] }, false],
];

const title = ({ is, ...rest }: Condition) => `${is} ${Object.values(rest).join(' ')}`;

export function testConditions(open: OpenStore): void {
  it.each(ROWS.map(([given, condition, holds]) => ({ given, condition, holds, text: title(condition) })))(
    '$given: $text is $holds',
    async ({ given, condition, holds }) => {
      const store = open();
      const tenantId = freshTenant();
      const named = stored(tenantId)[given];
      if (named !== undefined) await storeAll(store, named);
      const asked = named ?? (['quota', quotaRecord({ tenantId })] as const);
      expect(await store.commit([check(asked, condition)])).toEqual(
        holds
          ? { outcome: 'committed', after: undefined }
          : { outcome: 'refused', images: new Map([[0, named?.[1]]]) },
      );
    },
  );

  it('asks all of several conditions', async () => {
    const store = open();
    const quota = ['quota', quotaRecord({ tenantId: freshTenant(), available: 5 })] as const;
    await storeAll(store, quota);
    const atLeast = (value: number): Condition => ({ is: 'atLeast', field: 'available', value });
    const notRecalled: Condition = { is: 'notEqual', field: 'recalled', value: true };
    const both = await store.commit([check(quota, atLeast(5), notRecalled)]);
    expect(both.outcome).toBe('committed');
    const one = await store.commit([check(quota, atLeast(6), notRecalled)]);
    expect(one.outcome).toBe('refused');
  });
}
