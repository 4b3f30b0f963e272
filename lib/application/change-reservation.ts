/**
 * Every change of a reservation runs here: read it, answer a retry as it was answered, decide, and write what
 * was decided on the condition that the record has not changed. What a refusal shows is decided on again,
 * without another read.
 */
import type { GuardedWrite } from '../domain/guarded-write.ts';
import { parseReservationId } from '../domain/identifiers.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Decide, Decision } from '../domain/reservation-changes.ts';
import { actingIn } from './acting-in.ts';
import { backOff } from './back-off.ts';
import { completeWrites } from './complete-writes.ts';
import { giveBackWrites, recalledQuotas, unitsByQuota } from './give-back.ts';
import { CONTENDED, hashKey, isSameRequest, KEY_REUSED } from './idempotency.ts';
import type { Caller, Commit, Dependencies, Idempotency } from './ports.ts';

/** How often a change is decided anew after the reservation or a quota had changed under it. */
const DECISIONS_MAX = 10;

export interface ChangeRequest {
  readonly reservationId: string;
  /** Last segment of the path: a key used for one action is another key for the next. */
  readonly action: string;
  readonly idempotency: Idempotency;
}

/** A reservation and the version of it that answers the request: the last, unless it is a retry. */
export interface Changed {
  readonly reservation: Reservation;
  readonly version: number;
  readonly replayed: boolean;
}

type ChangeDecision = Decision & { readonly outcome: 'change' };

/** What is to be written of a decision; `recalled` names quotas that must be settled. */
export interface ChangeToWrite {
  readonly reservation: Reservation;
  readonly decision: ChangeDecision;
  readonly recalled: ReadonlySet<string>;
}

/** The writes of what was decided, in the region of the reservation. */
export type WriteChange = (deps: Dependencies, change: ChangeToWrite) => Promise<readonly GuardedWrite[]>;

const NOT_FOUND: Rejection = { code: 'not_found', detail: 'There is no such reservation.' };

/** Finds a reservation by its id, as the region that owns it knows it. */
export async function findReservation(
  deps: Dependencies,
  tenantId: string,
  reservationId: string,
): Promise<Result<Reservation>> {
  const parts = parseReservationId(reservationId);
  if (parts === undefined || !deps.regions.includes(parts.region)) return reject(NOT_FOUND);
  const { region, keyHash } = parts;
  const { store } = actingIn(deps, region);
  const found = await store.get('reservation', { tenantId, keyHash, region }, 'strong');
  // Whoever guesses the hash from a key still lacks the random bits.
  return found?.nonce === parts.nonce ? succeed(found) : reject(NOT_FOUND);
}

/** The answer to a key that has made its change already; `undefined` when it has made none. */
function replayOf(reservation: Reservation, idempotency: Idempotency & { readonly keyHash: string }) {
  const index = reservation.history.findLastIndex(({ keyHash }) => keyHash === idempotency.keyHash);
  const entry = reservation.history[index];
  if (entry === undefined) return undefined;
  if (!isSameRequest(entry, idempotency)) return reject(KEY_REUSED);
  return succeed<Changed>({ reservation, version: index + 2, replayed: true });
}

/** The guarded write of a reservation's next version. */
export function advanceReservation(reservation: Reservation, next: Reservation): GuardedWrite {
  const { tenantId, keyHash, region, version } = reservation;
  return {
    entity: 'reservation',
    key: { tenantId, keyHash, region },
    conditions: [{ is: 'equal', field: 'version', value: version }],
    effect: { does: 'put', record: next },
  };
}

/** The usual writes of a change: the reservation, and the quotas that get units back. */
export const writeGivenBack: WriteChange = async (deps, { reservation, decision, recalled }) => [
  advanceReservation(reservation, decision.next),
  ...(await giveBackWrites(deps, unitsByQuota([{ reservation, units: decision.givenBack }]), recalled)),
];

type Step = { readonly done: Result<Changed> } | { readonly reservation: Reservation };

function afterCommit(commit: Commit, reservation: Reservation, next: Reservation): Step {
  if (commit.outcome === 'contended') return { done: reject(CONTENDED) };
  if (commit.outcome === 'committed') {
    return { done: succeed({ reservation: next, version: next.version, replayed: false }) };
  }
  if (!commit.images.has(0)) return { reservation };
  const image = commit.images.get(0);
  return image === undefined ? { done: reject(NOT_FOUND) } : { reservation: image as Reservation };
}

export interface ChangePlan {
  readonly decide: Decide;
  readonly write: WriteChange;
  /** A retry that still has something to do, such as the rest of a long shipment. */
  readonly resume?: (reservation: Reservation, keyHash: string) => Decide | undefined;
}

type KeyedIdempotency = Idempotency & { readonly keyHash: string };

/** What is to be done now: answer, or write a decision. */
function decideNow(
  deps: Dependencies,
  reservation: Reservation,
  { idempotency, decide, resume }: ChangePlan & { readonly idempotency: KeyedIdempotency },
): { readonly done: Result<Changed> } | { readonly decision: ChangeDecision } {
  const { keyHash, fingerprint, requestId } = idempotency;
  const replayed = replayOf(reservation, idempotency);
  const resumed = replayed?.ok ? resume?.(reservation, keyHash) : undefined;
  if (replayed !== undefined && resumed === undefined) return { done: replayed };
  const origin = { atMs: deps.clock.now(), keyHash, fingerprint };
  const decision = (resumed ?? decide)(
    reservation,
    requestId === undefined ? origin : { ...origin, requestId },
  );
  switch (decision.outcome) {
    case 'change':
      return { decision };
    case 'unchanged':
      return { done: succeed({ reservation, version: reservation.version, replayed: false }) };
    case 'rejected':
      // What was left to do was done or undone by others: the first answer stands.
      return { done: replayed ?? reject(decision.rejection) };
  }
}

/**
 * Decides and writes, from a record that was read already, until it is done or too many were in the way.
 *
 * @param deps act in the region of the reservation.
 */
export async function changeFound(
  deps: Dependencies,
  found: Reservation,
  change: ChangePlan & { readonly idempotency: KeyedIdempotency },
): Promise<Result<Changed>> {
  let reservation = found;
  let recalled: ReadonlySet<string> = new Set();
  for (let attempt = 0; attempt < DECISIONS_MAX; attempt += 1) {
    const next = decideNow(deps, reservation, change);
    if ('done' in next) return next.done;
    const writes = await change.write(deps, { reservation, decision: next.decision, recalled });
    const commit = await deps.store.commit(writes);
    if (commit.outcome === 'committed') await completeWrites(deps, writes);
    const step = afterCommit(commit, reservation, next.decision.next);
    if ('done' in step) return step.done;
    if (commit.outcome === 'refused') recalled = recalledQuotas(writes, commit.images);
    reservation = step.reservation;
    await backOff(deps, attempt);
  }
  return reject(CONTENDED);
}

/**
 * Finds a reservation and changes it.
 *
 * Rejections: `not_found`, `idempotency_key_reused`, `contended`, and what `decide` says.
 */
export async function changeReservation(
  deps: Dependencies,
  caller: Caller,
  request: ChangeRequest & ChangePlan,
): Promise<Result<Changed>> {
  const found = await findReservation(deps, caller.tenantId, request.reservationId);
  if (!found.ok) return found;
  const path = `${request.reservationId}/${request.action}`;
  const keyHash = hashKey(deps, caller.tenantId, { path, key: request.idempotency.key });
  const owner = actingIn(deps, found.value.region);
  return changeFound(owner, found.value, { ...request, idempotency: { ...request.idempotency, keyHash } });
}
