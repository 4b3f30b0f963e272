/**
 * Two reservations that were confirmed for one order: under one order id, or under one idempotency key in two regions.
 * Both regions tell of a pair, because each of them may be the only one that hears of it; they tell of the same event.
 */
import type { DomainEvent } from '../domain/event.ts';
import { formatReservationId } from '../domain/identifiers.ts';
import type { Reservation } from '../domain/reservation.ts';
import { stateOf } from '../domain/reservation-state.ts';
import { identified } from './event-draft.ts';
import type { Dependencies, RecordChange } from './ports.ts';
import type { Notice } from './settle-siblings.ts';

/** A confirmation, as far as it takes part in a pair. */
interface Confirmed {
  readonly tenantId: string;
  readonly region: string;
  readonly orderId: string;
  readonly reservationId: string;
  readonly decidedAtMs: number;
}

const isBefore = (a: Confirmed, b: Confirmed): boolean =>
  a.decidedAtMs === b.decidedAtMs ? a.reservationId < b.reservationId : a.decidedAtMs < b.decidedAtMs;

function duplicateOf(
  { digest }: Pick<Dependencies, 'digest'>,
  one: Confirmed,
  other: Confirmed,
): DomainEvent {
  const [first, second] = isBefore(one, other) ? [one, other] : [other, one];
  return identified(
    digest,
    {
      type: 'order.duplicate',
      tenantId: first.tenantId,
      region: second.region,
      occurredAtMs: second.decidedAtMs,
      subject: first.orderId,
      // Behind the acceptances of both.
      sequence: second.decidedAtMs + 1,
      data: {
        orderId: first.orderId,
        reservationId: second.reservationId,
        duplicateOf: first.reservationId,
      },
    },
    first.reservationId,
    second.reservationId,
  );
}

/** Pairs of an order that was just accepted with those that were accepted under its id before, as far as one is ours. */
async function duplicatesOfOrder(deps: Dependencies, change: RecordChange): Promise<DomainEvent[]> {
  if (change.entity !== 'order' || change.after?.status !== 'accepted') return [];
  const { after: order, before } = change;
  if (before?.status === 'accepted') return [];
  const others = await deps.store.ordersUnder(order.tenantId, order.orderId);
  return others
    .filter(({ status, reservationId }) => status === 'accepted' && reservationId !== order.reservationId)
    .filter(({ region }) => region === deps.region || order.region === deps.region)
    .map((other) => duplicateOf(deps, order, other));
}

function confirmedOf(reservation: Reservation): Confirmed[] {
  const state = stateOf(reservation);
  if (!('orderId' in state)) return [];
  const { tenantId, region } = reservation;
  const { orderId, confirmedAtMs: decidedAtMs } = state;
  return [{ tenantId, region, orderId, reservationId: formatReservationId(reservation), decidedAtMs }];
}

/** Pairs of a reservation of this region with the siblings that were confirmed elsewhere. */
function duplicatesNoticed(deps: Dependencies, { reservations }: Notice): DomainEvent[] {
  const [own, ...others] = reservations.flatMap(confirmedOf);
  return own === undefined ? [] : others.map((other) => duplicateOf(deps, own, other));
}

/** The events of pairs that a change has made, or made known here. */
export async function duplicateOrders(
  deps: Dependencies,
  change: RecordChange,
  notices: readonly Notice[],
): Promise<DomainEvent[]> {
  const noticed = notices.flatMap((notice) => duplicatesNoticed(deps, notice));
  return [...noticed, ...(await duplicatesOfOrder(deps, change))];
}
