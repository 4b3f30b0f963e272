import { parseReservationId } from '../domain/identifiers.ts';
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { Reservation } from '../domain/reservation.ts';
import { findReservation } from './change-reservation.ts';
import { type Dependencies, StoreUnavailableError } from './ports.ts';

export interface SeenReservation {
  readonly reservation: Reservation;
  /** When this replica was asked, if the owner is out of reach: it may have changed there. */
  readonly asOfMs?: number;
}

/** As this replica has heard of it. */
async function fromReplica(
  deps: Dependencies,
  tenantId: string,
  reservationId: string,
): Promise<Result<SeenReservation> | undefined> {
  const parts = parseReservationId(reservationId);
  if (parts === undefined || parts.region === deps.region) return undefined;
  const { region, keyHash, nonce } = parts;
  const found = await deps.store.get('reservation', { tenantId, keyHash, region }, 'strong');
  if (found?.nonce !== nonce) return undefined;
  return succeed({ reservation: found, asOfMs: deps.clock.now() });
}

/**
 * A reservation as the region that owns it knows it, or as this replica does while that region is out of reach.
 *
 * Rejections: `not_found`.
 *
 * @throws StoreUnavailableError when the owner is out of reach and this replica has never heard of it.
 */
export async function readReservation(
  deps: Dependencies,
  tenantId: string,
  reservationId: string,
): Promise<Result<SeenReservation>> {
  try {
    const found = await findReservation(deps, tenantId, reservationId);
    return found.ok ? succeed({ reservation: found.value }) : reject(found.rejection);
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    const known = await fromReplica(deps, tenantId, reservationId);
    if (known === undefined) throw error;
    return known;
  }
}
