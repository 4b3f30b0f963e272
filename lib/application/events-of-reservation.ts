import { formatReservationId } from '../domain/identifiers.ts';
import type { AllocatedUnits, HistoryEntry, Reservation } from '../domain/reservation.ts';
import { stateOf } from '../domain/reservation-state.ts';
import type { EventDraft } from './event-draft.ts';

type ReservationEventType = Extract<EventDraft['type'], `reservation.${string}`>;

/** The event of each change. A queued confirmation is told of when it is judged, and a shipment has an event of its own. */
const EVENT_OF: Readonly<Record<HistoryEntry['did'], ReservationEventType | undefined>> = {
  confirm: 'reservation.confirmed',
  release: 'reservation.released',
  extend: 'reservation.extended',
  expire: 'reservation.expired',
  cancel: 'reservation.cancelled',
  queue: undefined,
  refuse: undefined,
  ship: undefined,
};

/** All units that a version had not given back and not shipped. */
function unitsLeft(reservation: Reservation, version: number): AllocatedUnits[] {
  return stateOf(reservation, version).lines.flatMap(({ allocations }, line) =>
    allocations.flatMap(({ left }, allocation): AllocatedUnits[] =>
      left > 0 ? [[line, allocation, left]] : [],
    ),
  );
}

function givenBackBy(
  reservation: Reservation,
  entry: HistoryEntry,
  version: number,
): readonly AllocatedUnits[] {
  switch (entry.did) {
    case 'confirm':
      return entry.leftOut ?? [];
    case 'release':
      return entry.units;
    case 'expire':
    case 'cancel':
      return unitsLeft(reservation, version - 1);
    default:
      return [];
  }
}

/** The versions that a change has made: several when changes were merged into one. */
export function versionsMade(before: Reservation | undefined, { version }: Reservation): number[] {
  const first = (before?.version ?? 0) + 1;
  return Array.from({ length: Math.max(0, version - first + 1) }, (_, index) => first + index);
}

/** What happened to a reservation: an event for each version that anybody wants to hear of. */
export function draftsOfReservation(before: Reservation | undefined, after: Reservation): EventDraft[] {
  const { tenantId, region } = after;
  const common = { tenantId, region, subject: formatReservationId(after) };
  return versionsMade(before, after).flatMap((version): EventDraft[] => {
    const entry = after.history[version - 2];
    const type = version === 1 ? 'reservation.held' : entry && EVENT_OF[entry.did];
    if (type === undefined) return [];
    const { requestId } = version === 1 ? after : (entry ?? {});
    const givenBack = entry === undefined ? [] : givenBackBy(after, entry, version);
    return [
      {
        ...common,
        type,
        sequence: version,
        occurredAtMs: entry?.atMs ?? after.createdAtMs,
        ...(requestId !== undefined && { requestId }),
        data: { reservation: after, version, givenBack },
      },
    ];
  });
}
