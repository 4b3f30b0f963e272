/** What the bus and the log of each region must have taken once everything is quiet, and nothing else. */
import type { DomainEvent, EventType } from '../../domain/event.ts';
import { formatReservationId } from '../../domain/identifiers.ts';
import type { RegionSpine } from '../spine/region-spine.ts';
import { type ImpliedMessages, nameOfEvent } from './implied-messages.ts';

/** What follows from more than one commit has a check of its own. */
const CHECKED_ELSEWHERE: readonly EventType[] = ['order.duplicate'];

/** Types of which several share a subject that do not follow each other. */
const WITHOUT_ORDER: readonly EventType[] = ['order.accepted', 'order.failed', 'order.duplicate'];

function nameOf(event: DomainEvent): string {
  switch (event.type) {
    case 'stock.received':
    case 'stock.adjusted':
      return nameOfEvent({ ...event, of: event.data.movement.movementId });
    case 'order.accepted':
    case 'order.failed':
      return nameOfEvent({ ...event, of: event.data.reservationId });
    default:
      return nameOfEvent(event);
  }
}

/** What an event of a reservation carries is the reservation that it names, as the change left it. */
function contentFaults(event: DomainEvent): string[] {
  if (!('version' in event.data)) return [];
  const { version, reservation } = event.data;
  const isRight =
    version === event.sequence &&
    reservation.version >= version &&
    formatReservationId(reservation) === event.subject;
  return isRight
    ? []
    : [`${nameOf(event)} carries version ${version} of ${formatReservationId(reservation)}`];
}

/** No two events of a subject have one sequence: nobody could tell which is the newer. */
function sequenceFaults(events: readonly DomainEvent[]): string[] {
  const seen = new Map<string, DomainEvent>();
  return events.flatMap((event) => {
    if (WITHOUT_ORDER.includes(event.type)) return [];
    const place = `${event.subject} ${event.sequence}`;
    const other = seen.get(place);
    seen.set(place, event);
    return other === undefined ? [] : [`${nameOf(event)} has the sequence of ${nameOf(other)}`];
  });
}

function eventFaults({ region, bus }: RegionSpine, implied: ReadonlySet<string>): string[] {
  const events = bus.messages.filter(({ type }) => !CHECKED_ELSEWHERE.includes(type));
  const byName = Map.groupBy(events, nameOf);
  const missing = [...implied].filter((name) => !byName.has(name));
  const unfounded = [...byName.keys()].filter((name) => !implied.has(name));
  const twice = [...byName].filter(([, { length }]) => length > 1);
  return [
    ...missing.map((name) => `${region} never told of ${name}`),
    ...unfounded.map((name) => `${region} told of ${name}, which did not happen`),
    ...twice.map(([name]) => `${region} told of ${name} under two ids`),
    ...events.flatMap(contentFaults),
    ...sequenceFaults(bus.messages),
  ];
}

function logFaults({ region, log }: RegionSpine, implied: ReadonlySet<string>): string[] {
  const logged = new Set(log.messages.map(({ id }) => id));
  return [
    ...[...implied.difference(logged)].map((id) => `the log of ${region} lacks ${id}`),
    ...[...logged.difference(implied)].map((id) => `the log of ${region} has ${id}, which did not happen`),
  ];
}

/** Nothing is left that somebody was to take, or to handle. */
function restFaults({ region, orders, parking, readModel }: RegionSpine): string[] {
  const unsent = readModel
    .all()
    .flatMap(({ sku, unsentEvents }) =>
      unsentEvents.length === 0
        ? []
        : [`${unsentEvents.length} events of ${sku} wait in its rollup in ${region}`],
    );
  return [
    ...(orders.depth > 0 ? [`the order queue of ${region} has ${orders.depth} messages`] : []),
    ...(orders.deadLetters.length > 0 ? [`orders are in the dead-letter queue of ${region}`] : []),
    ...(parking.parked.length > 0 ? [`changes are parked in ${region}`] : []),
    ...unsent,
  ];
}

export function spineFaults(spines: readonly RegionSpine[], implied: ImpliedMessages): string[] {
  return spines.flatMap((spine) => [
    ...restFaults(spine),
    ...eventFaults(spine, implied.eventsOf(spine.region)),
    ...logFaults(spine, implied.logOf(spine.region)),
  ]);
}
