/** What shoppers did, as the stream shows it: counted where it was done, and only once it is certain. */
import { CANARY_TENANT_ID } from '../domain/access.ts';
import type { HistoryEntry, Reservation } from '../domain/reservation.ts';
import { stateOf } from '../domain/reservation-state.ts';
import { versionsMade } from './events-of-reservation.ts';
import type { RecordChange } from './ports.ts';

/** What was held and confirmed. A record that a stream shows twice is counted twice, which is rare. */
export interface Trade {
  readonly holdsGranted: number;
  readonly unitsHeld: number;
  readonly holdsConfirmed: number;
  readonly unitsConfirmed: number;
}

const unitsOf = (reservation: Reservation, version: number): number =>
  stateOf(reservation, version).lines.reduce((total, { allocations }) => {
    return total + allocations.reduce((sum, { left }) => sum + left, 0);
  }, 0);

/** A version of a reservation: what made it, and the units that it promises. */
interface Made {
  readonly did: 'hold' | HistoryEntry['did'] | undefined;
  readonly units: number;
}

const sumOf = (made: readonly Made[]): number => made.reduce((sum, { units }) => sum + units, 0);

/** Counts what changes did to reservations of a region. */
export function tradeOf(region: string, changes: readonly RecordChange[]): Trade {
  const made = changes.flatMap((change): Made[] => {
    if (change.entity !== 'reservation' || change.after?.region !== region) return [];
    const { before, after } = change;
    if (after.tenantId === CANARY_TENANT_ID) return [];
    return versionsMade(before, after).map((version) => ({
      did: version === 1 ? 'hold' : after.history[version - 2]?.did,
      units: unitsOf(after, version),
    }));
  });
  const holds = made.filter(({ did }) => did === 'hold');
  const confirmations = made.filter(({ did }) => did === 'confirm');
  return {
    holdsGranted: holds.length,
    unitsHeld: sumOf(holds),
    holdsConfirmed: confirmations.length,
    unitsConfirmed: sumOf(confirmations),
  };
}
