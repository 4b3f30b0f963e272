import { describe, expect, it } from 'vitest';
import {
  afterAttempt,
  type Delivery,
  formatDeliveryId,
  handedOver,
  mayBeTried,
  newDelivery,
  orphaned,
  parseDeliveryId,
  replayed,
} from '../../../lib/domain/delivery.ts';
import { deliveryRecord } from '../../support/stored-records.ts';

const NOW_MS = 1_795_512_600_000;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Nearly the longest pause that jitter can draw. */
const LONGEST = { fraction: 1 };

const fresh = (): Delivery => newDelivery(deliveryRecord({ createdAtMs: NOW_MS - 50 }), NOW_MS, 'queue');
const failed = (atMs: number) => ({ atMs, statusCode: 500 });

/** Tries it again and again, each time as soon as it may be, and always in vain. */
function untilParked(): { readonly delivery: Delivery; readonly pausesMs: readonly number[] } {
  let delivery = fresh();
  let nowMs = NOW_MS;
  const pausesMs: number[] = [];
  while (delivery.status === 'pending') {
    delivery = afterAttempt(delivery, failed(nowMs), LONGEST);
    if (delivery.nextAttemptAtMs === undefined) break;
    pausesMs.push(delivery.nextAttemptAtMs - nowMs);
    nowMs = delivery.nextAttemptAtMs;
  }
  return { delivery, pausesMs };
}

describe('the id of a delivery', () => {
  const parts = { region: 'us-east-1', createdAtMs: 12, hash: '0123456789abcdef0123456789abcdef' };

  it('says where the delivery is kept', () => {
    const id = formatDeliveryId(parts);
    expect(id).toBe('dlv.us-east-1.0000000000012.0123456789abcdef0123456789abcdef');
    expect(parseDeliveryId(id)).toEqual(parts);
  });

  it.each(['', 'dlv', 'dlv.us-east-1.12.0123456789abcdef0123456789abcdef', `${formatDeliveryId(parts)}0`])(
    'is not %j',
    (id) => expect(parseDeliveryId(id)).toBeUndefined(),
  );
});

describe('a delivery', () => {
  it('may be tried at once, and is looked after by the sweep if its message is lost', () => {
    const delivery = fresh();
    expect(mayBeTried(delivery, NOW_MS)).toBe(true);
    expect(delivery).toMatchObject({
      status: 'pending',
      tries: 0,
      dueAtMs: NOW_MS + 60 * SECOND_MS,
      version: 1,
    });
    expect(newDelivery(delivery, NOW_MS, 'sweep').dueAtMs).toBe(NOW_MS);
  });

  it.each([200, 202, 204, 299])('is delivered by an answer of %d, and shown for 7 days', (statusCode) => {
    const attempt = { atMs: NOW_MS, statusCode };
    const delivered = afterAttempt(fresh(), attempt, LONGEST);
    expect(delivered).toMatchObject({ status: 'delivered', attempts: [attempt], tries: 1, version: 2 });
    expect(delivered.dueAtMs).toBe(NOW_MS + 7 * DAY_MS);
    expect(delivered).not.toHaveProperty('nextAttemptAtMs');
    expect(mayBeTried(delivered, NOW_MS + DAY_MS)).toBe(false);
  });

  it.each([100, 301, 302, 307, 400, 404, 500])('is tried again after an answer of %d', (statusCode) => {
    const next = afterAttempt(fresh(), { atMs: NOW_MS, statusCode }, LONGEST);
    expect(next).toMatchObject({ status: 'pending', tries: 1, version: 2 });
    expect([next.nextAttemptAtMs, next.dueAtMs]).toEqual([NOW_MS + 10_000, NOW_MS + 10_000]);
    expect(mayBeTried(next, NOW_MS + 8_999)).toBe(false);
    expect(mayBeTried(next, NOW_MS + 10_000)).toBe(true);
  });

  it('is parked at once when the receiver is gone, and shown for 30 days', () => {
    const parked = afterAttempt(fresh(), { atMs: NOW_MS, statusCode: 410 }, LONGEST);
    expect(parked).toMatchObject({ status: 'parked', parkedReason: 'gone', dueAtMs: NOW_MS + 30 * DAY_MS });
  });

  it('waits longer and longer, six hours at most, and is parked before the next try would be later than a day', () => {
    const { delivery, pausesMs } = untilParked();
    const doubled = Array.from({ length: 12 }, (_, index) => 10_000 * 2 ** index);
    expect(pausesMs.slice(0, 12)).toEqual(doubled.map((pauseMs) => Math.min(pauseMs, 6 * HOUR_MS)));
    expect(pausesMs.slice(12)).toEqual([6 * HOUR_MS, 6 * HOUR_MS]);
    expect(pausesMs.reduce((sum, pauseMs) => sum + pauseMs)).toBeLessThanOrEqual(DAY_MS);
    expect(delivery).toMatchObject({ status: 'parked', parkedReason: 'given_up' });
  });

  it('waits at random, so that those that failed together do not come back together', () => {
    const pauseOf = (fraction: number) =>
      (afterAttempt(fresh(), failed(NOW_MS), { fraction }).nextAttemptAtMs ?? 0) - NOW_MS;
    expect([pauseOf(0), pauseOf(0.25), pauseOf(0.999)]).toEqual([0, 2_500, 9_990]);
  });

  it('waits as long as the receiver asks, but not longer than six hours', () => {
    const pauseOf = (retryAfterMs: number) =>
      (afterAttempt(fresh(), failed(NOW_MS), { fraction: 0.5, retryAfterMs }).nextAttemptAtMs ?? 0) - NOW_MS;
    expect([pauseOf(0), pauseOf(120_000), pauseOf(DAY_MS)]).toEqual([5_000, 120_000, 6 * HOUR_MS]);
  });

  it('remembers its latest 20 attempts', () => {
    const attempts = Array.from({ length: 20 }, (_, index) => failed(index));
    const next = afterAttempt({ ...fresh(), attempts }, failed(NOW_MS), LONGEST);
    expect(next.attempts).toEqual([...attempts.slice(1), failed(NOW_MS)]);
  });

  it('is parked when its webhook is gone', () => {
    expect(orphaned(fresh(), NOW_MS)).toMatchObject({ status: 'parked', parkedReason: 'webhook_deleted' });
  });

  it('has a whole day again when it is replayed', () => {
    const { delivery } = untilParked();
    const again = replayed(delivery, NOW_MS + 5 * DAY_MS);
    expect(again).toMatchObject({ status: 'pending', tries: 0, dueAtMs: NOW_MS + 5 * DAY_MS });
    expect(again).not.toHaveProperty('parkedReason');
    expect(again.attempts).toEqual(delivery.attempts);
    const next = afterAttempt(again, failed(NOW_MS + 5 * DAY_MS + 1), LONGEST);
    expect(next).toMatchObject({ status: 'pending', tries: 1 });
  });

  it('is left to the queue for a while once the sweep has sent it, and may be tried all the same', () => {
    const sent = handedOver(fresh(), NOW_MS);
    expect(sent.dueAtMs).toBe(NOW_MS + 300 * SECOND_MS);
    expect(mayBeTried(sent, NOW_MS)).toBe(true);
  });
});
