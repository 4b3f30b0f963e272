/** Picking units of a reservation: which allocations a request for some of its units means. */
import { SHIP_WRITES_MAX } from './limits.ts';
import type { AllocatedUnits, Reservation } from './reservation.ts';
import type { LineState } from './reservation-state.ts';

/** Some units of a sku, at one location if the caller names one. */
export interface UnitRequest {
  readonly sku: string;
  readonly quantity: number;
  readonly locationId?: string;
}

export type Chosen =
  | { readonly units: readonly AllocatedUnits[] }
  /** The sku of which fewer are left than were asked for. */
  | { readonly shortOf: string };

/** All units that were neither given back nor shipped. */
export function allUnitsLeft(lines: readonly LineState[]): AllocatedUnits[] {
  return lines.flatMap(({ allocations }, line) =>
    allocations.flatMap(({ left }, allocation): AllocatedUnits[] =>
      left > 0 ? [[line, allocation, left]] : [],
    ),
  );
}

/** The units left that a choice does not take. */
export function unitsNotIn(lines: readonly LineState[], taken: readonly AllocatedUnits[]): AllocatedUnits[] {
  return allUnitsLeft(lines).flatMap(([line, allocation, left]): AllocatedUnits[] => {
    const gone = taken
      .filter(([takenLine, takenAllocation]) => takenLine === line && takenAllocation === allocation)
      .reduce((sum, [, , quantity]) => sum + quantity, 0);
    return left > gone ? [[line, allocation, left - gone]] : [];
  });
}

/** Units left, not yet chosen, that a request could mean. */
function candidates(
  lines: readonly LineState[],
  chosen: readonly AllocatedUnits[],
  { sku, locationId }: UnitRequest,
): AllocatedUnits[] {
  return unitsNotIn(lines, chosen).filter(([line, allocation]) => {
    const state = lines[line];
    const at = state?.allocations[allocation]?.locationId;
    return state?.sku === sku && (locationId === undefined || at === locationId);
  });
}

/**
 * Chooses units in the order of the reservation's lines and allocations. Requests that name a location choose
 * first, so that those that do not cannot take the units from under them.
 */
export function chooseUnits(lines: readonly LineState[], requests: readonly UnitRequest[]): Chosen {
  const units: AllocatedUnits[] = [];
  const byPrecision = [
    ...requests.filter(({ locationId }) => locationId !== undefined),
    ...requests.filter(({ locationId }) => locationId === undefined),
  ];
  for (const request of byPrecision) {
    let wanted = request.quantity;
    for (const [line, allocation, left] of candidates(lines, units, request)) {
      const quantity = Math.min(wanted, left);
      if (quantity > 0) units.push([line, allocation, quantity]);
      wanted -= quantity;
    }
    if (wanted > 0) return { shortOf: request.sku };
  }
  return { units };
}

/**
 * Splits units by location, so that what is shipped now fits one transaction: a quota for each allocation and
 * a shipment for each location. The first location always fits (`ALLOCATIONS_MAX`).
 */
export function firstLoad(
  { lines }: Reservation,
  units: readonly AllocatedUnits[],
): { readonly now: AllocatedUnits[]; readonly later: AllocatedUnits[] } {
  const byLocation = Map.groupBy(
    units,
    ([line, allocation]) => lines[line]?.allocations[allocation]?.locationId,
  );
  const now: AllocatedUnits[] = [];
  const later: AllocatedUnits[] = [];
  let writes = 0;
  for (const parcel of byLocation.values()) {
    const fits = later.length === 0 && writes + parcel.length + 1 <= SHIP_WRITES_MAX;
    (fits ? now : later).push(...parcel);
    writes += parcel.length + 1;
  }
  return { now, later };
}
