/**
 * A client that tried again in another region before replication caught up has two reservations under one key.
 * When one is confirmed, the other is given back by its own region, if it is still held. Two that are confirmed
 * are facts: they are reported, and nothing is undone.
 */
import { isOpen, type Reservation } from '../domain/reservation.ts';
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

/** Whether a change of a reservation may ask something of its sibling: it was made, or confirmed. */
const mayMatter = (reservation: Reservation): boolean =>
  isOpen(reservation.status) || isConfirmed(reservation);

async function giveBack(deps: Dependencies, own: Reservation): Promise<void> {
  const { tenantId, keyHash } = own;
  const path = `${keyHash}/sibling`;
  await changeFound(deps, own, {
    decide: release(undefined),
    write: writeGivenBack,
    idempotency: { key: '', keyHash: hashKey(deps, tenantId, { path, key: '' }), fingerprint: 'sibling' },
  });
}

/** Settles the reservation of this region with its siblings, as this replica knows them. */
export async function settleSiblings(deps: Dependencies, changed: Reservation): Promise<readonly Notice[]> {
  if (deps.regions.length === 1 || !mayMatter(changed)) return [];
  const siblings = await deps.store.siblings(changed.tenantId, changed.keyHash);
  const own = siblings.find(({ region }) => region === deps.region);
  const others = siblings.filter((sibling) => sibling.region !== deps.region && isConfirmed(sibling));
  if (own === undefined || others.length === 0) return [];
  if (own.status === 'held') {
    await giveBack(deps, own);
    return [];
  }
  return isConfirmed(own) ? [{ notice: 'duplicate_order', reservations: [own, ...others] }] : [];
}
