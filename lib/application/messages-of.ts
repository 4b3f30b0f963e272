/** What is told of a change, by the channel it leaves through. */
import { CANARY_TENANT_ID } from '../domain/access.ts';
import type { DomainEvent } from '../domain/event.ts';
import { formatReservationId } from '../domain/identifiers.ts';
import { duplicateOrders } from './duplicate-orders.ts';
import { type CommittedChange, eventsOf } from './events-of.ts';
import { versionsMade } from './events-of-reservation.ts';
import type { Dependencies, LogEntry, OrderMessage, RecordChange } from './ports.ts';
import type { Notice } from './settle-siblings.ts';

export interface MessagesOfChange {
  readonly orders: readonly OrderMessage[];
  readonly events: readonly DomainEvent[];
  readonly log: readonly LogEntry[];
}

const NO_MESSAGES: MessagesOfChange = { orders: [], events: [], log: [] };

type Here = Pick<Dependencies, 'region'>;

/** What the order queue is told: that a reservation was confirmed, or that it is to be. */
export function orderMessagesOf({ region }: Here, change: RecordChange): OrderMessage[] {
  if (change.entity !== 'reservation' || change.after?.region !== region) return [];
  const { before, after } = change;
  const { tenantId } = after;
  const reservationId = formatReservationId(after);
  return versionsMade(before, after).flatMap((version) => {
    const { did, requestId } = after.history[version - 2] ?? {};
    if (did !== 'confirm' && did !== 'queue') return [];
    const message = { id: `${reservationId}/${version}`, tenantId, reservationId, version };
    return [requestId === undefined ? message : { ...message, requestId }];
  });
}

/** What the analytics log keeps: each movement, and each version of a reservation with the change that made it. */
export function logEntriesOf({ region }: Here, change: RecordChange): LogEntry[] {
  if (change.entity === 'movement' && change.after?.region === region) {
    const { after: movement } = change;
    const { movementId: id, tenantId, occurredAtMs: atMs } = movement;
    return [{ kind: 'movement', id, tenantId, region, atMs, movement }];
  }
  if (change.entity !== 'reservation' || change.after?.region !== region) return [];
  const { before, after: reservation } = change;
  const { tenantId, history, createdAtMs } = reservation;
  const reservationId = formatReservationId(reservation);
  return versionsMade(before, reservation).map((version) => ({
    kind: 'reservation',
    id: `${reservationId}/${version}`,
    tenantId,
    region,
    atMs: history[version - 2]?.atMs ?? createdAtMs,
    reservationId,
    version,
    reservation,
  }));
}

/** All that is told of a change. */
export async function messagesOf(
  deps: Dependencies,
  { notices, ...committed }: CommittedChange & { readonly notices: readonly Notice[] },
): Promise<MessagesOfChange> {
  const { change } = committed;
  // The canary would be most of what a quiet shop hears, and nobody has to do anything about it.
  if (change.entity === 'reservation' && change.after?.tenantId === CANARY_TENANT_ID) return NO_MESSAGES;
  return {
    orders: orderMessagesOf(deps, change),
    events: [...eventsOf(deps, committed), ...(await duplicateOrders(deps, change, notices))],
    log: logEntriesOf(deps, change),
  };
}
