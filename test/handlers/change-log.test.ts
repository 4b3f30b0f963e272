import { describe, expect, it } from 'vitest';
import { changeLog } from '../../lambdas/complete/change-log.ts';
import type { ChangeEvent } from '../../lib/application/streamed-record.ts';
import { reservationRecord } from '../support/stored-records.ts';

const error = new Error('away');

const reservations = [
  reservationRecord({ reference: 'cart of Jane' }),
  reservationRecord({ region: 'eu-west-1' }),
];

const LOGGED: readonly (readonly [ChangeEvent, readonly unknown[]])[] = [
  [
    { event: 'noticed', notice: { notice: 'duplicate_order', reservations } },
    ['info', 'DUPLICATE_ORDER', { reservationIds: ['us-east-1.hash.nonce', 'eu-west-1.hash.nonce'] }],
  ],
  [{ event: 'postponed', count: 3 }, ['info', 'CHANGES_POSTPONED', { count: 3 }]],
  [{ event: 'postponed', count: 3, error }, ['error', 'CHANGES_POSTPONED', { count: 3 }, error]],
  [
    { event: 'unreadable', recordKey: 'a|b', error },
    ['error', 'RECORD_UNREADABLE', { recordKey: 'a|b' }, error],
  ],
  [{ event: 'given_up', recordKey: 'a|b', error }, ['error', 'CHANGE_GIVEN_UP', { recordKey: 'a|b' }, error]],
  [{ event: 'failed', recordKey: 'a|b', error }, ['error', 'CHANGE_FAILED', { recordKey: 'a|b' }, error]],
  [{ event: 'not_parked', recordKey: 'a|b' }, ['error', 'CHANGE_NOT_PARKED', { recordKey: 'a|b' }]],
  [
    { event: 'kept', channel: 'events', count: 2 },
    ['info', 'MESSAGES_KEPT', { channel: 'events', count: 2 }],
  ],
  [{ event: 'demand_not_followed', error }, ['error', 'DEMAND_NOT_FOLLOWED', {}, error]],
];

describe('what happens to changes of the stream', () => {
  it.each(LOGGED)('is logged: %j', (happened, entry) => {
    const entries: unknown[][] = [];
    const log = changeLog({
      info: ({ code }, ...rest) => entries.push(['info', code, ...rest]),
      error: ({ code }, ...rest) => entries.push(['error', code, ...rest]),
    });
    log(happened);
    expect(entries).toEqual([entry]);
  });
});
