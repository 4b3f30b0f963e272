/** Claims on units: what open reservations and unbooked shipments still need of each sku and place. */
import { listIdOf } from './identifiers.ts';
import type { Reservation, ReservationStatus } from './reservation.ts';
import { stateOf } from './reservation-state.ts';
import type { Shipment } from './shipment.ts';

export interface UnitClaim {
  readonly sku: string;
  readonly locationId: string;
  readonly units: number;
}

/** The claims of one reservation as an index shows them: a moment old, and without the reservation itself. */
export interface SeenClaim {
  /** Of the reservation, as in lists. */
  readonly id: string;
  readonly status: ReservationStatus;
  readonly expiresAtMs: number;
  readonly claims: readonly UnitClaim[];
}

/** What a reservation has taken and neither given back nor shipped. */
export function claimsOfReservation(reservation: Reservation): UnitClaim[] {
  return stateOf(reservation).lines.flatMap(({ sku, allocations }) =>
    allocations.flatMap(({ locationId, left }) => (left > 0 ? [{ sku, locationId, units: left }] : [])),
  );
}

/** The claims of a reservation, as an index would show them that is not late. */
export const claimOf = (reservation: Reservation): SeenClaim => ({
  id: listIdOf(reservation),
  status: reservation.status,
  expiresAtMs: reservation.expiresAtMs,
  claims: claimsOfReservation(reservation),
});

/** What a shipment has to be booked for. */
export const claimsOfShipment = ({ locationId, lines }: Shipment): UnitClaim[] =>
  lines.map(({ sku, quantity }) => ({ sku, locationId, units: quantity }));

/** Units of a sku, by location. */
export function unitsByLocation(claims: readonly UnitClaim[], sku: string): Map<string, number> {
  const units = new Map<string, number>();
  for (const claim of claims) {
    if (claim.sku !== sku) continue;
    units.set(claim.locationId, (units.get(claim.locationId) ?? 0) + claim.units);
  }
  return units;
}
