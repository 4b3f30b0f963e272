/** The records of orders: one for each reservation and order id, written once for each verdict. */
import type { Verdict } from '../domain/confirmations.ts';
import { ABSENT, type GuardedWriteOf } from '../domain/guarded-write.ts';
import { formatReservationId } from '../domain/identifiers.ts';
import type { Order, OrderKey } from '../domain/order.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Dependencies } from './ports.ts';

/** Others may record a verdict of the same order meanwhile; there are two at most, and then nothing is left to do. */
const RECORDINGS_MAX = 5;

/** Others kept the order from being recorded. Later it can be. */
export class OrderContendedError extends Error {
  override readonly name = 'OrderContendedError';
}

/** What was decided of an order. */
export interface Decided {
  readonly reservation: Reservation;
  readonly orderId: string;
  readonly verdict: Verdict;
}

export const orderKeyOf = ({ reservation, orderId }: Omit<Decided, 'verdict'>): OrderKey => {
  const { tenantId, region, keyHash } = reservation;
  return { tenantId, orderId, region, keyHash };
};

/** An order that failed may be tried again; one that was accepted stays so. */
function isNews({ status, atMs }: Verdict, stored: Order): boolean {
  if (stored.status === 'accepted') return false;
  return status === 'accepted' || atMs > stored.decidedAtMs;
}

/**
 * The write that records a verdict.
 *
 * @returns `undefined` when the record says it already, or knows better.
 */
export function orderWrite(
  decided: Decided,
  stored: Order | undefined,
  nowMs: number,
): GuardedWriteOf<'order'> | undefined {
  const { reservation, verdict } = decided;
  if (stored !== undefined && !isNews(verdict, stored)) return undefined;
  const key = orderKeyOf(decided);
  return {
    entity: 'order',
    key,
    conditions: stored === undefined ? [ABSENT] : [{ is: 'equal', field: 'version', value: stored.version }],
    effect: {
      does: 'put',
      record: {
        ...key,
        reservationId: formatReservationId(reservation),
        status: verdict.status,
        ...(verdict.status === 'failed' ? { failure: verdict.failure } : {}),
        decidedAtMs: verdict.atMs,
        recordedAtMs: nowMs,
        version: (stored?.version ?? 0) + 1,
      },
    },
  };
}

/**
 * Records a verdict, unless it is recorded. Nothing is read before: most orders are new, and whoever was faster is
 * shown by the refusal.
 *
 * @returns the record, if this call wrote it.
 * @throws OrderContendedError when others were in the way.
 */
export async function recordOrder(deps: Dependencies, decided: Decided): Promise<Order | undefined> {
  let stored: Order | undefined;
  for (let attempt = 0; attempt < RECORDINGS_MAX; attempt += 1) {
    const write = orderWrite(decided, stored, deps.clock.now());
    if (write === undefined) return undefined;
    const commit = await deps.store.commit([write]);
    if (commit.outcome === 'committed') return write.effect.does === 'put' ? write.effect.record : undefined;
    if (commit.outcome === 'contended') break;
    stored = commit.images.get(0) as Order | undefined;
  }
  throw new OrderContendedError('Others were recording the order.');
}
