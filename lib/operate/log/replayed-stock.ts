/**
 * The analytics log, replayed: what stock was received, moved, promised and shipped, built from the log alone. Entries
 * may come twice and in any order, so no delta is added before its movement is known to be new, and of a reservation
 * the highest version wins.
 */
import type { LogEntry } from '../../application/spine-ports.ts';
import type { Movement } from '../../domain/movement.ts';
import type { Reservation } from '../../domain/reservation.ts';
import { stateOf } from '../../domain/reservation-state.ts';
import { claimsOfReservation } from '../../domain/unit-claims.ts';

/** What the log says of a product at a location. Counts are units. */
export interface ReplayedStock {
  readonly tenantId: string;
  readonly sku: string;
  readonly locationId: string;
  /** The sum of the deltas. */
  readonly onHand: number;
  readonly held: number;
  readonly committed: number;
  readonly shipped: number;
  /** What the last movement left, where that is not the sum: entries are missing. */
  readonly lastOnHand?: number;
}

type Counted = 'held' | 'committed' | 'shipped';

interface Units {
  readonly sku: string;
  readonly locationId: string;
  readonly kind: Counted;
  readonly units: number;
}

/** What is kept of a reservation, whose newest version has been seen so far. */
interface Kept {
  readonly tenantId: string;
  readonly version: number;
  readonly units: readonly Units[];
}

/** Movements that carry the version of their stock are in its order; older ones only in that of their times. */
type Booked = Movement & { readonly stockVersion?: number };

interface Ledger {
  sum: number;
  /** The newest movements: several may have one time, and any of them may be the last. */
  newest: Booked[];
}

type Place = Pick<ReplayedStock, 'tenantId' | 'sku' | 'locationId'>;

const keyOf = ({ tenantId, sku, locationId }: Place): string => JSON.stringify([tenantId, sku, locationId]);

/** Above zero when the first was booked after the second. Clocks of two environments may differ, versions do not. */
function bookedAfter(one: Booked, other: Booked): number {
  if (one.stockVersion === undefined || other.stockVersion === undefined) {
    return one.occurredAtMs - other.occurredAtMs;
  }
  return one.stockVersion - other.stockVersion;
}

function shippedUnits(reservation: Reservation): Units[] {
  const state = stateOf(reservation);
  if (!('shipments' in state)) return [];
  return state.shipments.flatMap(({ locationId, lines }) =>
    lines.map(({ sku, quantity }) => ({ sku, locationId, kind: 'shipped', units: quantity }) as const),
  );
}

function unitsOf(reservation: Reservation): Units[] {
  const kind = reservation.status === 'held' ? 'held' : 'committed';
  const claims = claimsOfReservation(reservation).map((claim) => ({ ...claim, kind }) as const);
  return [...claims, ...shippedUnits(reservation)];
}

/** A fresh read model that is fed with the entries of a log, in whatever order. */
export class ReplayedLog {
  readonly #movements = new Set<string>();
  readonly #ledgers = new Map<string, Ledger>();
  readonly #reservations = new Map<string, Kept>();
  readonly #places = new Map<string, Place>();

  /** @returns whether it said anything new. */
  add(entry: LogEntry): boolean {
    return entry.kind === 'movement' ? this.#move(entry.movement) : this.#promise(entry);
  }

  /** Every place that the log names, in order. */
  stocks(): ReplayedStock[] {
    const promised = new Map<string, Record<Counted, number>>();
    for (const { tenantId, units } of this.#reservations.values()) {
      for (const { sku, locationId, kind, units: count } of units) {
        const key = this.#placeOf({ tenantId, sku, locationId });
        const counts = promised.get(key) ?? { held: 0, committed: 0, shipped: 0 };
        counts[kind] += count;
        promised.set(key, counts);
      }
    }
    return [...this.#places.keys()].sort().map((key) => this.#stockAt(key, promised.get(key)));
  }

  #stockAt(key: string, promised: Record<Counted, number> | undefined): ReplayedStock {
    const { sum: onHand = 0, newest = [] } = this.#ledgers.get(key) ?? {};
    const counts = promised ?? { held: 0, committed: 0, shipped: 0 };
    const stock = { ...(this.#places.get(key) as Place), onHand, ...counts };
    const isWhole = newest.length === 0 || newest.some(({ onHandAfter }) => onHandAfter === onHand);
    const lastOnHand = newest.at(-1)?.onHandAfter;
    return isWhole || lastOnHand === undefined ? stock : { ...stock, lastOnHand };
  }

  #placeOf({ tenantId, sku, locationId }: Place): string {
    const place = { tenantId, sku, locationId };
    const key = keyOf(place);
    this.#places.set(key, place);
    return key;
  }

  #move(movement: Booked): boolean {
    const id = JSON.stringify([movement.tenantId, movement.movementId]);
    if (this.#movements.has(id)) return false;
    this.#movements.add(id);
    const key = this.#placeOf(movement);
    const ledger = this.#ledgers.get(key) ?? { sum: 0, newest: [] };
    ledger.sum += movement.delta;
    const [known] = ledger.newest;
    const order = known === undefined ? 1 : bookedAfter(movement, known);
    if (order > 0) ledger.newest = [movement];
    else if (order === 0) ledger.newest.push(movement);
    this.#ledgers.set(key, ledger);
    return true;
  }

  #promise({ tenantId, reservationId, version, reservation }: LogEntry & { kind: 'reservation' }): boolean {
    const key = JSON.stringify([tenantId, reservationId]);
    const known = this.#reservations.get(key);
    if (known !== undefined && known.version >= version) return false;
    this.#reservations.set(key, { tenantId, version, units: unitsOf(reservation) });
    return true;
  }
}
