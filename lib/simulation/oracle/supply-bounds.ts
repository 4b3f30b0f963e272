import type { Movement } from '../../domain/movement.ts';
import type { Reservation } from '../../domain/reservation.ts';
import { stateOf } from '../../domain/reservation-state.ts';

const placeKey = (sku: string, locationId: string): string => `${sku} at ${locationId}`;

/**
 * The most units that can ever have been at a place, from what clients booked or tried to, and the fewest that
 * were sold, from what they were told. If the fewest sold exceed the most there were, it was oversold.
 */
export class SupplyBounds {
  readonly #most = new Map<string, number>();
  readonly #sold = new Map<string, number>();
  readonly #confirmed = new Map<string, readonly (readonly [place: string, units: number])[]>();
  /** What a request may book at most, until it is known. */
  readonly #tried = new Map<string, readonly [place: string, units: number]>();

  /** A client is about to book; it may have an effect from now on. A count finds at most what it says. */
  tryToBook(key: string, command: { sku: string; locationId: string; quantity: number }): void {
    if (this.#tried.has(key)) return;
    const place = placeKey(command.sku, command.locationId);
    const units = Math.max(0, command.quantity);
    this.#tried.set(key, [place, units]);
    this.#add(this.#most, place, units);
  }

  /** It was booked, and what it did is known. A count that found less may have been of units that were sold. */
  book(key: string, { sku, locationId, delta, type }: Movement): void {
    const place = placeKey(sku, locationId);
    this.#settle(key);
    this.#add(this.#most, place, type === 'count' ? Math.max(0, delta) : delta);
  }

  /** It was refused for good. */
  refuse(key: string): void {
    this.#settle(key);
  }

  /** A reservation is confirmed. @returns what is oversold by it */
  confirm(reservationId: string, reservation: Reservation): string | undefined {
    if (this.#confirmed.has(reservationId)) return undefined;
    const units = stateOf(reservation).lines.flatMap(({ sku, allocations }) =>
      allocations.map(({ locationId, kept }) => [placeKey(sku, locationId), kept] as const),
    );
    this.#confirmed.set(reservationId, units);
    for (const [place, kept] of units) this.#add(this.#sold, place, kept);
    for (const [place] of units) {
      const [sold = 0, most = 0] = [this.#sold.get(place), this.#most.get(place)];
      if (sold > most) return `${place}: ${sold} units are sold, and there never were more than ${most}`;
    }
    return undefined;
  }

  /** A cancellation is asked for: from now on its units may be sold again. */
  withdraw(reservationId: string): void {
    for (const [place, kept] of this.#confirmed.get(reservationId) ?? []) this.#add(this.#sold, place, -kept);
    this.#confirmed.set(reservationId, []);
  }

  #settle(key: string): void {
    const tried = this.#tried.get(key);
    if (tried === undefined) return;
    this.#add(this.#most, tried[0], -tried[1]);
    this.#tried.set(key, [tried[0], 0]);
  }

  #add(counts: Map<string, number>, place: string, by: number): void {
    counts.set(place, (counts.get(place) ?? 0) + by);
  }
}
