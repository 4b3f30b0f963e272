/**
 * A client that tried again in another region before replication caught up has two reservations under one key.
 * When one is confirmed, the other is given back by its own region, if it is still held. Two that are confirmed
 * are facts: they are reported, and nothing is undone.
 */
import type { Reservation } from '../domain/reservation.ts';
import { release } from '../domain/reservation-changes.ts';
import { changeFound, writeGivenBack } from './change-reservation.ts';
import { hashKey } from './idempotency.ts';
import type { Dependencies } from './ports.ts';

/** Something that somebody should hear of. */
export interface Notice {
  readonly notice: 'duplicate_order';
  /** Two reservations that were confirmed under one idempotency key. */
  readonly reservations: readonly Reservation[];
}

const isConfirmed = ({ history }: Reservation): boolean => history.some(({ did }) => did === 'confirm');

/**
 * Whether a change may ask something of the reservation of this region: it was made here, after its sibling had been
 * confirmed elsewhere, or one of the two has just been confirmed. Most changes may not, and cost no read.
 */
function mayMatter({ region }: Dependencies, { before, after }: ReservationChange): boolean {
  if (before === undefined && after.region === region) return true;
  return isConfirmed(after) && (before === undefined || !isConfirmed(before));
}

async function giveBack(deps: Dependencies, own: Reservation): Promise<void> {
  const { tenantId, keyHash } = own;
  const path = `${keyHash}/sibling`;
  await changeFound(deps, own, {
    decide: release(undefined),
    write: writeGivenBack,
    idempotency: { key: '', keyHash: hashKey(deps, tenantId, { path, key: '' }), fingerprint: 'sibling' },
  });
}

/** A reservation that was made or changed, as the stream shows it. */
export interface ReservationChange {
  readonly before?: Reservation;
  readonly after: Reservation;
}

/** Confirmed reservations of other regions under the key. The change itself is news that a read may not show yet. */
async function confirmedElsewhere(deps: Dependencies, { after }: ReservationChange): Promise<Reservation[]> {
  const read = await deps.store.siblings(after.tenantId, after.keyHash);
  const siblings = [...read.filter(({ region }) => region !== after.region), after];
  return siblings.filter((sibling) => sibling.region !== deps.region && isConfirmed(sibling));
}

/** Settles the reservation of this region with its siblings, as this replica knows them. */
export async function settleSiblings(
  deps: Dependencies,
  change: ReservationChange,
): Promise<readonly Notice[]> {
  if (deps.regions.length === 1 || !mayMatter(deps, change)) return [];
  const others = await confirmedElsewhere(deps, change);
  if (others.length === 0) return [];
  const { tenantId, keyHash } = change.after;
  const { region } = deps;
  // Strongly: of two that are confirmed at once, each region must see its own when it hears of the other.
  const own = await deps.store.get('reservation', { tenantId, keyHash, region }, 'strong');
  if (own === undefined) return [];
  if (own.status === 'held') {
    await giveBack(deps, own);
    return [];
  }
  return isConfirmed(own) ? [{ notice: 'duplicate_order', reservations: [own, ...others] }] : [];
}
