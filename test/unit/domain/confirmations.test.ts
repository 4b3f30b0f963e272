import { describe, expect, it } from 'vitest';
import { confirmationsOf, namedOrderOf, pendingConfirmation } from '../../../lib/domain/confirmations.ts';
import { formatReservationId } from '../../../lib/domain/identifiers.ts';
import type { HistoryEntry } from '../../../lib/domain/reservation.ts';
import { stepFaults } from '../../../lib/simulation/oracle/transition-check.ts';
import { reservationRecord } from '../../support/stored-records.ts';

const OWN_ID = formatReservationId(reservationRecord());

const queue = (atMs: number, orderId?: string): HistoryEntry => ({
  did: 'queue',
  atMs,
  ...(orderId === undefined ? {} : { orderId }),
});
const confirm = (atMs: number, orderId?: string): HistoryEntry => ({
  did: 'confirm',
  atMs,
  ...(orderId === undefined ? {} : { orderId }),
});
const refuse = (atMs: number): HistoryEntry => ({
  did: 'refuse',
  atMs,
  code: 'reservation_expired',
  detail: 'late',
});
const extend = (atMs: number): HistoryEntry => ({ did: 'extend', atMs, expiresAtMs: 9_000 });

const reservationAfter = (...history: HistoryEntry[]) => {
  const confirmed = history.find(({ did }) => did === 'confirm');
  const orderId = confirmed?.did === 'confirm' ? confirmed.orderId : undefined;
  return reservationRecord({
    history,
    version: history.length + 1,
    ...(orderId === undefined ? {} : { orderId }),
    ...(history.some(({ did }) => did === 'queue') ? { queuedAtMs: 1 } : {}),
  });
};

/** Order id, when it was queued, verdict, when. */
const told = (...history: HistoryEntry[]) =>
  confirmationsOf(reservationAfter(...history)).map(({ orderId, queued, verdict }) => [
    orderId,
    queued?.entry.atMs,
    verdict?.status,
    verdict?.atMs,
    verdict?.by,
  ]);

describe('the confirmations of a history', () => {
  it.each([
    ['none', [extend(1)], []],
    ['one at once', [extend(1), confirm(2, 'a')], [['a', undefined, 'accepted', 2, 'confirm']]],
    ['one without an order id', [confirm(2)], [[OWN_ID, undefined, 'accepted', 2, 'confirm']]],
    ['one that waits', [queue(1, 'a'), extend(2)], [['a', 1, undefined, undefined, undefined]]],
    ['one that was made', [queue(1, 'a'), confirm(2, 'a')], [['a', 1, 'accepted', 2, 'confirm']]],
    ['one that was refused', [queue(1), refuse(2)], [[OWN_ID, 1, 'failed', 2, 'refuse']]],
    [
      'one that another was faster than',
      [queue(1, 'a'), confirm(2, 'b')],
      [
        ['a', 1, 'failed', 2, 'confirm'],
        ['b', undefined, 'accepted', 2, 'confirm'],
      ],
    ],
    [
      'one that was tried again',
      [queue(1, 'a'), refuse(2), queue(3, 'a'), confirm(4, 'a')],
      [
        ['a', 1, 'failed', 2, 'refuse'],
        ['a', 3, 'accepted', 4, 'confirm'],
      ],
    ],
  ] as const)('are %s', (_, history, expected) => {
    expect(told(...history)).toEqual(expected);
  });

  it('say which versions queued and made them', () => {
    const [found] = confirmationsOf(reservationAfter(extend(1), queue(2, 'a'), extend(3), confirm(4, 'a')));
    expect(found).toMatchObject({ queued: { version: 3 }, verdict: { version: 5 } });
  });
});

describe('the confirmation that waits', () => {
  it('is the last one, until it is made, refused or overtaken', () => {
    expect(pendingConfirmation(reservationAfter(queue(1, 'a'), refuse(2), queue(3, 'b')))).toMatchObject({
      orderId: 'b',
    });
    for (const history of [[], [confirm(1)], [queue(1), confirm(2)], [queue(1), refuse(2)]]) {
      expect(pendingConfirmation(reservationAfter(...history))).toBeUndefined();
    }
  });
});

describe('the order that a reservation is found under', () => {
  it.each([
    [[queue(1, 'a')], { orderId: 'a', atMs: 1 }],
    [[queue(1, 'a'), refuse(2)], undefined],
    [[queue(1, 'a'), confirm(2, 'b')], { orderId: 'b', atMs: 2 }],
    [[queue(1, 'a'), confirm(2)], undefined],
    [[queue(1)], undefined],
    [[confirm(2, 'b')], { orderId: 'b', atMs: 2 }],
  ])('after %j is %j', (history, expected) => {
    expect(namedOrderOf(reservationAfter(...history))).toEqual(expected);
  });
});

describe('the oracle of the simulator', () => {
  const when = { nowMs: 3, skewMaxMs: 0 };
  const released = { ...reservationAfter(queue(1)), status: 'released' } as const;

  it('lets a refusal be noted on what has ended, as long as it moves nothing', () => {
    const refused = { ...reservationAfter(queue(1), refuse(2)), status: 'released' } as const;
    expect(stepFaults(released, refused, when)).toEqual([]);
    expect(stepFaults(released, { ...refused, status: 'held' }, when)).not.toEqual([]);
    const confirmed = { ...reservationAfter(queue(1), confirm(2)), status: 'confirmed' } as const;
    expect(stepFaults(released, confirmed, when)).not.toEqual([]);
  });
});
