/**
 * What each command does to a reservation: a pure decision from the stored record and the time. The use case
 * writes what was decided, on the condition that the record is still the one it was decided on.
 */
import { allUnitsLeft, chooseUnits, firstLoad, type UnitRequest, unitsNotIn } from './allocated-units.ts';
import { formatReservationId } from './identifiers.ts';
import { EXTENSIONS_MAX, HOLD_LIFE_MAX_MS } from './limits.ts';
import type { Rejection } from './rejection.ts';
import type { AllocatedUnits, HistoryEntry, Reservation } from './reservation.ts';
import { stateOf } from './reservation-state.ts';
import { refusalOf } from './transitions.ts';

/** Who makes a change: the hashed idempotency key (with its path), the body's fingerprint, the time. */
export interface ChangeOrigin {
  readonly atMs: number;
  readonly keyHash?: string;
  readonly fingerprint?: string;
  readonly requestId?: string;
}

export type Decision =
  | {
      readonly outcome: 'change';
      readonly next: Reservation;
      /** Units that go back to the quotas they came from. */
      readonly givenBack: readonly AllocatedUnits[];
      /** Units that leave. */
      readonly shipped: readonly AllocatedUnits[];
    }
  /** Nothing to do: the reservation is as the command wants it. */
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'rejected'; readonly rejection: Rejection };

export type Decide = (reservation: Reservation, origin: ChangeOrigin) => Decision;

/** The decision that nothing may be done. */
export const rejected = (rejection: Rejection): Decision => ({ outcome: 'rejected', rejection });

/** The record with one more entry of its history. */
function withEntry(reservation: Reservation, entry: HistoryEntry): Reservation {
  const version = reservation.version + 1;
  const extended = { ...reservation, version, history: [...reservation.history, entry] };
  const { status, expiresAtMs } = stateOf(extended);
  const orderId = entry.did === 'confirm' && entry.orderId !== undefined ? { orderId: entry.orderId } : {};
  const queued = entry.did === 'queue' ? { queuedAtMs: entry.atMs } : {};
  return { ...extended, status, expiresAtMs, ...orderId, ...queued };
}

/** The decision for one more entry of the history, with the units that it moves. */
export function changed(
  reservation: Reservation,
  entry: HistoryEntry,
  units: { givenBack?: readonly AllocatedUnits[]; shipped?: readonly AllocatedUnits[] },
): Decision {
  const { givenBack = [], shipped = [] } = units;
  return { outcome: 'change', next: withEntry(reservation, entry), givenBack, shipped };
}

const exceeds = (sku: string): Decision =>
  rejected({
    code: 'quantity_exceeds_reservation',
    detail: `The reservation does not have that many units of ${sku} left there.`,
  });

export interface ConfirmCommand {
  /** Absent: the order is called as its reservation. */
  readonly orderId?: string;
  readonly lines?: readonly UnitRequest[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Confirming again under the same order id changes nothing and is no error. */
export function confirmedAlready(reservation: Reservation, command: ConfirmCommand): boolean {
  const state = stateOf(reservation);
  const orderId = command.orderId ?? formatReservationId(reservation);
  if (state.status !== 'confirmed' && state.status !== 'partially_shipped' && state.status !== 'shipped') {
    return false;
  }
  return state.orderId === orderId;
}

export const confirm =
  (command: ConfirmCommand): Decide =>
  (reservation, origin) => {
    if (confirmedAlready(reservation, command)) return { outcome: 'unchanged' };
    const refusal = refusalOf('confirm', reservation, origin.atMs);
    if (refusal !== undefined) return rejected(refusal);
    const { lines, ...rest } = command;
    if (lines === undefined) return changed(reservation, { ...origin, did: 'confirm', ...rest }, {});
    const state = stateOf(reservation);
    const chosen = chooseUnits(state.lines, lines);
    if ('shortOf' in chosen) return exceeds(chosen.shortOf);
    const leftOut = unitsNotIn(state.lines, chosen.units);
    return changed(reservation, { ...origin, did: 'confirm', ...rest, leftOut }, { givenBack: leftOut });
  };

export const release =
  (lines: readonly UnitRequest[] | undefined): Decide =>
  (reservation, origin) => {
    const refusal = refusalOf('release', reservation, origin.atMs);
    if (refusal !== undefined) return rejected(refusal);
    const state = stateOf(reservation);
    const chosen =
      lines === undefined ? { units: allUnitsLeft(state.lines) } : chooseUnits(state.lines, lines);
    if ('shortOf' in chosen) return exceeds(chosen.shortOf);
    const { units } = chosen;
    return changed(reservation, { ...origin, did: 'release', units }, { givenBack: units });
  };

export const extend =
  (ttlSeconds: number): Decide =>
  (reservation, origin) => {
    const refusal = refusalOf('extend', reservation, origin.atMs);
    if (refusal !== undefined) return rejected(refusal);
    const expiresAtMs = origin.atMs + ttlSeconds * 1000;
    const tooOften = stateOf(reservation).extensions >= EXTENSIONS_MAX;
    if (tooOften || expiresAtMs > reservation.createdAtMs + HOLD_LIFE_MAX_MS) {
      const detail = `A hold is extended at most ${EXTENSIONS_MAX} times and never beyond 24 hours after its creation.`;
      return rejected({ code: 'extension_limit', detail });
    }
    return changed(reservation, { ...origin, did: 'extend', expiresAtMs }, {});
  };

export const expire: Decide = (reservation, origin) => {
  const refusal = refusalOf('expire', reservation, origin.atMs);
  if (refusal !== undefined) return rejected(refusal);
  const givenBack = allUnitsLeft(stateOf(reservation).lines);
  return changed(reservation, { ...origin, did: 'expire' }, { givenBack });
};

export const cancel: Decide = (reservation, origin) => {
  const refusal = refusalOf('cancel', reservation, origin.atMs);
  if (refusal !== undefined) return rejected(refusal);
  const givenBack = allUnitsLeft(stateOf(reservation).lines);
  return changed(reservation, { ...origin, did: 'cancel' }, { givenBack });
};

export interface ShipLabel {
  readonly carrier?: string;
  readonly trackingId?: string;
}

/**
 * Ships what one transaction takes: whole locations, each with its quotas and one shipment. The rest is
 * remembered in the entry, and the same call goes on with it.
 */
function shipUnits(
  reservation: Reservation,
  origin: ChangeOrigin,
  load: ShipLabel & { units: AllocatedUnits[] },
) {
  const { units, ...label } = load;
  const { now, later } = firstLoad(reservation, units);
  const rest = later.length === 0 ? {} : { rest: later };
  return changed(reservation, { ...origin, did: 'ship', units: now, ...rest, ...label }, { shipped: now });
}

export const ship =
  ({ lines, ...label }: ShipLabel & { readonly lines?: readonly UnitRequest[] }): Decide =>
  (reservation, origin) => {
    const refusal = refusalOf('ship', reservation, origin.atMs);
    if (refusal !== undefined) return rejected(refusal);
    const state = stateOf(reservation);
    const chosen =
      lines === undefined ? { units: allUnitsLeft(state.lines) } : chooseUnits(state.lines, lines);
    if ('shortOf' in chosen) return exceeds(chosen.shortOf);
    return shipUnits(reservation, origin, { ...label, units: [...chosen.units] });
  };

/** What a ship call has left to do, if it was cut off or needs more than one transaction. */
export function restOfShipment(reservation: Reservation, keyHash: string): Decide | undefined {
  const entry = reservation.history.findLast((candidate) => candidate.keyHash === keyHash);
  if (entry?.did !== 'ship' || entry.rest === undefined) return undefined;
  const { rest, carrier, trackingId } = entry;
  const label = {
    ...(carrier === undefined ? {} : { carrier }),
    ...(trackingId === undefined ? {} : { trackingId }),
  };
  return (current, origin) => {
    const refusal = refusalOf('ship', current, origin.atMs);
    if (refusal !== undefined) return rejected(refusal);
    // What was cancelled or shipped by another call meanwhile is no longer there to ship.
    const left = new Map(
      allUnitsLeft(stateOf(current).lines).map(([line, at, units]) => [`${line}.${at}`, units]),
    );
    const units = rest.flatMap(([line, at, wanted]): AllocatedUnits[] => {
      const quantity = Math.min(wanted, left.get(`${line}.${at}`) ?? 0);
      return quantity === 0 ? [] : [[line, at, quantity]];
    });
    return shipUnits(current, origin, { ...label, units });
  };
}
