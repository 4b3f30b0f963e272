import type { UnitRequest } from '../domain/allocated-units.ts';
import { bookingWrites, type KnownStocks } from '../domain/booking.ts';
import { ABSENT, type GuardedWrite } from '../domain/guarded-write.ts';
import { formatReservationId } from '../domain/identifiers.ts';
import { type Result, succeed } from '../domain/rejection.ts';
import type { Reservation } from '../domain/reservation.ts';
import { restOfShipment, type ShipLabel, ship } from '../domain/reservation-changes.ts';
import { shipmentsOf } from '../domain/reservation-state.ts';
import type { Shipment } from '../domain/shipment.ts';
import { bookShipment, readStocks } from './book-shipment.ts';
import {
  advanceReservation,
  type Changed,
  type ChangeRequest,
  changeReservation,
} from './change-reservation.ts';
import { tryNow } from './complete-writes.ts';
import { shipOutWrites, unitsByQuota } from './give-back.ts';
import type { Caller, Consistency, Dependencies } from './ports.ts';

/** DynamoDB takes 100 writes in one transaction. */
const COMMIT_WRITES_MAX = 100;

/** Whoever shipped books at once; the sweep takes over when they have not in this time. */
const BOOKING_GRACE_MS = 2000;

/** Transactions of one ship call: 90 allocations in as many places need two, with room for retries. */
const LOADS_MAX = 10;

type ShipRequest = Omit<ChangeRequest, 'action'> & ShipLabel & { readonly lines?: readonly UnitRequest[] };

function shipmentRecords(reservation: Reservation, caller: Caller): Shipment[] {
  const entry = reservation.history.at(-1);
  if (entry?.did !== 'ship') return [];
  return shipmentsOf(reservation, entry, reservation.version).map(({ region: homeRegion, ...shipment }) => ({
    ...shipment,
    tenantId: reservation.tenantId,
    reservationId: formatReservationId(reservation),
    region: reservation.region,
    homeRegion,
    actor: caller.actor,
  }));
}

function insertShipment(record: Shipment): GuardedWrite {
  const { tenantId, shipmentId } = record;
  return {
    entity: 'shipment',
    key: { tenantId, shipmentId },
    conditions: [ABSENT],
    effect: { does: 'put', record },
  };
}

/**
 * Puts shipments and the booking of those that are at home here into one transaction. What does not fit, or is at
 * home elsewhere, is marked for a booking of its own.
 */
function shipmentWrites(
  { all, own }: { readonly all: readonly Shipment[]; readonly own: readonly Shipment[] },
  booking: { readonly stocks: KnownStocks; readonly room: number; readonly dueAtMs: number },
) {
  const bookings = bookingWrites(own, booking.stocks);
  const isRoom = all.length + bookings.length <= booking.room;
  const marked = all.map((shipment) => {
    const isBooked = isRoom && own.includes(shipment);
    return isBooked ? shipment : { ...shipment, bookingDueAtMs: booking.dueAtMs };
  });
  return {
    writes: [...marked.map(insertShipment), ...(isRoom ? bookings : [])],
    unbooked: marked.filter(({ bookingDueAtMs }) => bookingDueAtMs !== undefined),
  };
}

async function shipOnce(deps: Dependencies, caller: Caller, request: ShipRequest): Promise<Result<Changed>> {
  let unbooked: readonly Shipment[] = [];
  let consistency: Consistency = 'eventual';
  const { lines, carrier, trackingId, reservationId, idempotency } = request;
  const changed = await changeReservation(deps, caller, {
    reservationId,
    idempotency,
    action: 'ship',
    decide: ship({
      ...(lines === undefined ? {} : { lines }),
      ...(carrier === undefined ? {} : { carrier }),
      ...(trackingId === undefined ? {} : { trackingId }),
    }),
    resume: restOfShipment,
    write: async (owner, { reservation, decision: { next, shipped } }) => {
      const units = unitsByQuota([{ reservation, units: shipped }]);
      const writes = [advanceReservation(reservation, next), ...shipOutWrites(units)];
      const shipments = shipmentRecords(next, caller);
      const own = shipments.filter(({ homeRegion }) => homeRegion === owner.region);
      const stocks = await readStocks(owner, own, consistency);
      // A cheap read is right nearly always; once it was refused, only the truth will do.
      consistency = 'strong';
      const room = COMMIT_WRITES_MAX - writes.length;
      const dueAtMs = deps.clock.now() + BOOKING_GRACE_MS;
      const load = shipmentWrites({ all: shipments, own }, { stocks, room, dueAtMs });
      unbooked = load.unbooked;
      return [...writes, ...load.writes];
    },
  });
  if (changed.ok && !changed.value.replayed) {
    // A home region that is out of reach books it when it can; the sweep sees to it.
    for (const shipment of unbooked) await tryNow(() => bookShipment(deps, shipment));
  }
  return changed;
}

/**
 * Ships a confirmed reservation, or the part of it that `lines` name: units leave the quota's promise and the
 * location's on-hand. A shipment is a fact, so it is never refused for lack of stock.
 *
 * Rejections: `not_found`, `idempotency_key_reused`, `invalid_transition`, `quantity_exceeds_reservation`,
 * `history_limit`, `contended`.
 *
 * @throws StoreUnavailableError when the region of the reservation is out of reach.
 */
export async function shipReservation(
  deps: Dependencies,
  caller: Caller,
  request: ShipRequest,
): Promise<Result<Changed>> {
  let changed = await shipOnce(deps, caller, request);
  for (let load = 1; load < LOADS_MAX && changed.ok && hasRest(changed.value); load += 1) {
    const more = await shipOnce(deps, caller, request);
    changed = more.ok && !changed.value.replayed ? succeed({ ...more.value, replayed: false }) : more;
  }
  return changed;
}

function hasRest({ reservation, version }: Changed): boolean {
  const entry = reservation.history[version - 2];
  return entry?.did === 'ship' && entry.rest !== undefined && entry.rest.length > 0;
}
