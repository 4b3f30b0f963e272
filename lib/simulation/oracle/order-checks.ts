/** What must have become of every confirmation once everything is quiet: one record for each, and none without one. */
import type { DomainEvent } from '../../domain/event.ts';
import { formatReservationId } from '../../domain/identifiers.ts';
import type { Order } from '../../domain/order.ts';
import type { HistoryEntry, Reservation } from '../../domain/reservation.ts';
import type { MemoryStore } from '../memory-store.ts';
import { canonicalText } from '../spine/reception.ts';
import type { RegionSpine } from '../spine/region-spine.ts';

/** What the history of a reservation says of its orders, by order id. */
interface Told {
  readonly orders: ReadonlyMap<string, Order['status']>;
  /** The order whose confirmation nobody has judged. */
  readonly waiting: string | undefined;
}

/** The order that an entry asks for or accepts; none: one that was asked for is refused. */
function orderIdIn(reservation: Reservation, entry: HistoryEntry): string | undefined {
  if (entry.did !== 'queue' && entry.did !== 'confirm') return undefined;
  return entry.orderId ?? formatReservationId(reservation);
}

const DECIDES: readonly HistoryEntry['did'][] = ['queue', 'confirm', 'refuse'];

function toldBy(reservation: Reservation): Told {
  const orders = new Map<string, Order['status']>();
  let waiting: string | undefined;
  for (const entry of reservation.history.filter(({ did }) => DECIDES.includes(did))) {
    const orderId = orderIdIn(reservation, entry);
    // Whatever is decided under another order id decides against the one that waits.
    if (waiting !== undefined && waiting !== orderId) orders.set(waiting, 'failed');
    if (entry.did === 'confirm' && orderId !== undefined) orders.set(orderId, 'accepted');
    waiting = entry.did === 'queue' ? orderId : undefined;
  }
  return { orders, waiting };
}

const keyOf = (reservationId: string, orderId: string): string => `${orderId} of ${reservationId}`;

/** Every confirmation has its record, and every record its confirmation. */
export function orderFaults(store: Pick<MemoryStore, 'all'>): string[] {
  const records = new Map(
    store.all('order').map((order) => [keyOf(order.reservationId, order.orderId), order.status]),
  );
  const faults: string[] = [];
  for (const reservation of store.all('reservation')) {
    const id = formatReservationId(reservation);
    const { orders, waiting } = toldBy(reservation);
    if (waiting !== undefined) faults.push(`${id}: the confirmation of order ${waiting} is still queued`);
    for (const [orderId, status] of orders) {
      const key = keyOf(id, orderId);
      const stored = records.get(key);
      if (stored !== status) faults.push(`order ${key} is ${status}, its record is ${stored ?? 'missing'}`);
      records.delete(key);
    }
  }
  return [
    ...faults,
    ...[...records].map(([key, status]) => `order ${key} is recorded as ${status}, and nothing says so`),
  ];
}

const confirmedAt = ({ history }: Reservation): number | undefined =>
  history.find(({ did }) => did === 'confirm')?.atMs;

/** Two ids, in one order whoever names them. */
const pairOf = (one: string, other: string): string => [one, other].sort().join(' and ');

/** All pairs of a group. */
const pairsIn = (ids: readonly string[]): string[] =>
  ids.flatMap((one, index) => ids.slice(index + 1).map((other) => pairOf(one, other)));

/** Pairs of reservations that were confirmed for one order: under one key, or under one order id. */
function duplicatesIn(store: Pick<MemoryStore, 'all'>): Set<string> {
  const confirmed = store.all('reservation').filter((each) => confirmedAt(each) !== undefined);
  const byKey = Map.groupBy(confirmed, ({ tenantId, keyHash }) => `${tenantId}/${keyHash}`);
  const byOrder = Map.groupBy(
    confirmed,
    (each) => `${each.tenantId}/${each.orderId ?? formatReservationId(each)}`,
  );
  const groups = [...byKey.values(), ...byOrder.values()];
  return new Set(groups.flatMap((group) => pairsIn(group.map(formatReservationId))));
}

type Duplicate = Extract<DomainEvent, { readonly type: 'order.duplicate' }>;

const isDuplicate = (event: DomainEvent): event is Duplicate => event.type === 'order.duplicate';

/** Somebody hears of every order that was confirmed twice, and of nothing else; whoever tells of it says the same. */
export function duplicateFaults(store: Pick<MemoryStore, 'all'>, spines: readonly RegionSpine[]): string[] {
  const expected = duplicatesIn(store);
  const told = Map.groupBy(
    spines.flatMap(({ bus }) => bus.messages.filter(isDuplicate)),
    ({ data }) => pairOf(data.reservationId, data.duplicateOf),
  );
  const unheard = [...expected].filter((pair) => !told.has(pair));
  const unfounded = [...told.keys()].filter((pair) => !expected.has(pair));
  const unlike = [...told].filter(([, events]) => new Set(events.map(canonicalText)).size > 1);
  return [
    ...unheard.map((pair) => `${pair} are confirmed for one order, and nobody was told`),
    ...unfounded.map((pair) => `${pair} were reported to be one order, and are not`),
    ...unlike.map(([pair]) => `${pair}: two regions tell of it differently`),
  ];
}
