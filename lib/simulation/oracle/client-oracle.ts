import { formatReservationId } from '../../domain/identifiers.ts';
import type { Movement } from '../../domain/movement.ts';
import type { Result } from '../../domain/rejection.ts';
import type { HistoryEntry, Reservation, ReservationStatus } from '../../domain/reservation.ts';
import { SupplyBounds } from './supply-bounds.ts';

/** What clients know of one reservation. */
export interface KnownReservation {
  readonly reservationId: string;
  readonly key: string;
  readonly region: string;
  /** As it was told with the newest answer. */
  reservation: Reservation;
  /** Changes that were acknowledged, by fingerprint. */
  readonly acknowledged: Map<string, HistoryEntry['did']>;
  toldConfirmed: boolean;
  /** A confirmation was queued: it will be made or refused. */
  toldQueued: boolean;
  toldReleased: boolean;
  toldCancelled: boolean;
  askedCancel: boolean;
}

export interface ChangeTold {
  readonly did: HistoryEntry['did'];
  readonly reservationId: string;
  readonly fingerprint: string;
  /** All of it, not a part. */
  readonly isWhole: boolean;
  readonly firstSentAtMs: number;
}

const CONFIRMED: readonly ReservationStatus[] = ['confirmed', 'partially_shipped', 'shipped', 'cancelled'];

/**
 * Knows only what clients asked for and were told, and nothing of any store. What they were told must stay true:
 * one key has one effect in a region, what was confirmed stays so, and no more is promised than there ever was.
 */
export class ClientOracle {
  readonly reservations = new Map<string, KnownReservation>();
  readonly movements = new Map<string, Movement>();
  readonly supply = new SupplyBounds();
  /** Everything that was ever asked for, by fingerprint. */
  readonly asked = new Set<string>();
  readonly #byKey = new Map<string, string>();
  readonly #fail: (what: string) => void;
  readonly #skewMaxMs: number;

  constructor(options: { readonly skewMaxMs: number; readonly fail: (what: string) => void }) {
    this.#fail = options.fail;
    this.#skewMaxMs = options.skewMaxMs;
  }

  toldHold(key: string, reservation: Reservation): KnownReservation {
    const reservationId = formatReservationId(reservation);
    const { region } = reservation;
    const place = `${key} in ${region}`;
    const before = this.#byKey.get(place);
    if (before !== undefined && before !== reservationId) {
      this.#fail(`${key} made two reservations in ${region}: ${before} and ${reservationId}`);
    }
    this.#byKey.set(place, reservationId);
    const known = this.reservations.get(reservationId) ?? {
      reservationId,
      key,
      region,
      reservation,
      acknowledged: new Map(),
      toldConfirmed: false,
      toldQueued: false,
      toldReleased: false,
      toldCancelled: false,
      askedCancel: false,
    };
    this.reservations.set(reservationId, known);
    // Somebody who asked twice may hear last of what was so first.
    if (reservation.version >= known.reservation.version) this.see(known, reservation);
    return known;
  }

  /** What a client sees of a reservation never goes back. */
  see(known: KnownReservation, reservation: Reservation): void {
    const { reservation: old, reservationId: id } = known;
    if (reservation.version > old.version) known.reservation = reservation;
    if (known.toldConfirmed && !CONFIRMED.includes(reservation.status)) {
      this.#fail(`${id} was acknowledged as confirmed and is ${reservation.status}`);
    }
    if (known.toldConfirmed && reservation.status === 'cancelled' && !known.askedCancel) {
      this.#fail(`${id} was confirmed and is cancelled, which nobody asked for`);
    }
    if (known.toldReleased && reservation.status !== 'released') {
      this.#fail(`${id} was acknowledged as released and is ${reservation.status}`);
    }
  }

  toldChange(told: ChangeTold, result: Result<{ readonly reservation: Reservation }>): void {
    const { did, reservationId, fingerprint } = told;
    const known = this.reservations.get(reservationId);
    if (known === undefined || !result.ok) return;
    const { reservation } = result.value;
    known.acknowledged.set(fingerprint, did);
    if (did === 'confirm') this.#confirmed(known, told, reservation);
    if (did === 'release' && told.isWhole) {
      if (known.toldConfirmed) this.#fail(`${reservationId} was confirmed, and then released`);
      known.toldReleased = true;
    }
    if (did === 'cancel') known.toldCancelled = true;
    if (did === 'queue') known.toldQueued = true;
    // Two answers may overtake each other: an older version is what was so before.
    if (reservation.version >= known.reservation.version) this.see(known, reservation);
    if (did === 'confirm') this.#sold(reservationId, reservation);
  }

  /** Somebody whose confirmation was queued sees that it was made. */
  sawConfirmed(reservationId: string, reservation: Reservation): void {
    const known = this.reservations.get(reservationId);
    if (known === undefined) return;
    known.toldConfirmed = true;
    if (reservation.version >= known.reservation.version) this.see(known, reservation);
    this.#sold(reservationId, reservation);
  }

  #sold(reservationId: string, reservation: Reservation): void {
    const fault = this.supply.confirm(reservationId, reservation);
    if (fault !== undefined) this.#fail(fault);
  }

  askCancel(reservationId: string): void {
    const known = this.reservations.get(reservationId);
    if (known !== undefined) known.askedCancel = true;
    this.supply.withdraw(reservationId);
  }

  toldMovement(key: string, movement: Movement): void {
    const before = this.movements.get(key);
    if (before !== undefined && before.movementId !== movement.movementId) {
      this.#fail(`${key} booked two movements: ${before.movementId} and ${movement.movementId}`);
    }
    if (before === undefined) this.supply.book(key, movement);
    this.movements.set(key, movement);
  }

  /**
   * `told`: what the answer shows. An extension whose answer was lost shows in it, and whether somebody else had
   * confirmed before: then nothing was done now.
   */
  #confirmed(known: KnownReservation, change: ChangeTold, told: Reservation): void {
    const { reservationId, toldReleased, toldConfirmed, toldCancelled } = known;
    if (toldReleased) this.#fail(`${reservationId} was released, and then confirmed`);
    if (toldCancelled && !toldConfirmed) this.#fail(`${reservationId} was cancelled, and then confirmed`);
    // Whoever executed it and whoever made the hold may each be wrong by the most.
    const lateByMs = change.firstSentAtMs - told.expiresAtMs - 2 * this.#skewMaxMs;
    const isDoneNow = told.history.some(({ fingerprint }) => fingerprint === change.fingerprint);
    if (lateByMs > 0 && isDoneNow) {
      this.#fail(`${reservationId} was confirmed ${lateByMs} ms after its expiry`);
    }
    known.toldConfirmed = true;
  }
}
