import { isOpen, type Reservation } from '../../domain/reservation.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';

/** A decision is on its way to the store for so long at most, with the time it was made at. */
const IN_FLIGHT_MAX_MS = 10_000;

export interface WhenSeen {
  readonly nowMs: number;
  readonly skewMaxMs: number;
}

function expiryFault(before: Reservation, after: Reservation, { nowMs, skewMaxMs }: WhenSeen): string[] {
  const entry = after.history.at(-1);
  if (entry === undefined) return [];
  const { expiry } = TRANSITIONS[entry.did];
  const { expiresAtMs } = before;
  const lateByMs = nowMs - expiresAtMs - skewMaxMs - IN_FLIGHT_MAX_MS;
  if (expiry === 'before' && entry.atMs >= expiresAtMs) return [`${entry.did} at or after its expiry`];
  if (expiry === 'before' && lateByMs > 0) return [`${entry.did} ${lateByMs} ms too late, by a wrong clock`];
  if (expiry === 'after' && entry.atMs < expiresAtMs) return [`${entry.did} before its expiry`];
  return [];
}

/** A reservation begins held, and is never deleted. */
function beginningFaults({ status, version, history }: Reservation): string[] {
  const isFresh = status === 'held' && version === 1 && history.length === 0;
  return isFresh ? [] : [`it began as ${status}, version ${version}`];
}

/** Every change makes one version and one entry, from a state to another that follows it. */
function chartFaults(before: Reservation, after: Reservation): string[] {
  const faults: string[] = [];
  const entry = after.history.at(-1);
  if (after.version !== before.version + 1 || after.history.length !== before.history.length + 1) {
    faults.push(`version ${before.version} became ${after.version}, with ${after.history.length} changes`);
  }
  // The refusal of a queued confirmation is noted on what has ended, and moves nothing.
  if (!isOpen(before.status) && entry?.did !== 'refuse') {
    faults.push(`it was ${before.status} and had ended`);
  }
  if (entry === undefined) return faults;
  const { from, to } = TRANSITIONS[entry.did];
  const isCharted = from.includes(before.status) && to.includes(after.status);
  const isMoved = entry.did === 'refuse' && before.status !== after.status;
  return isCharted && !isMoved
    ? faults
    : [...faults, `${entry.did} from ${before.status} to ${after.status}`];
}

/** What is wrong with one step of a reservation. */
export function stepFaults(
  before: Reservation | undefined,
  after: Reservation | undefined,
  when: WhenSeen,
): string[] {
  if (after === undefined) return ['it was deleted'];
  if (before === undefined) return beginningFaults(after);
  return [...chartFaults(before, after), ...expiryFault(before, after, when)];
}
