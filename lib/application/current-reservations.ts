import { listIdOf } from '../domain/identifiers.ts';
import type { Reservation } from '../domain/reservation.ts';
import { RECENT_MS } from '../domain/rollup.ts';
import type { Dependencies, RecordChange, RecordRef } from './ports.ts';

const changedAtMs = ({ history, createdAtMs }: Reservation): number => history.at(-1)?.atMs ?? createdAtMs;

type ReservationChange = Extract<RecordChange, { readonly entity: 'reservation' }>;

/**
 * Reservations as they are now, of changes that come long after they were made: such a change may have been set
 * aside and shown again when newer ones were forgotten here, so what it says is not believed.
 */
export async function currentReservations(
  deps: Dependencies,
  changes: readonly ReservationChange[],
): Promise<ReadonlyMap<string, Reservation>> {
  const nowMs = deps.clock.now();
  const late = changes.flatMap(({ after }) =>
    after !== undefined && nowMs - changedAtMs(after) >= RECENT_MS ? [after] : [],
  );
  if (late.length === 0) return new Map();
  const refs = late.map(({ tenantId, keyHash, region }): RecordRef => {
    return { entity: 'reservation', key: { tenantId, keyHash, region } };
  });
  const found = await deps.store.getMany(refs, 'strong');
  return new Map(
    late.map((reservation, index) => {
      const now = found[index] as Reservation | undefined;
      return [listIdOf(reservation), now ?? reservation];
    }),
  );
}
