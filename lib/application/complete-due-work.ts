/**
 * Completes what has fallen due: gives back the units of expired holds, finishes what a crash has left half done
 * (shipments that are not in the ledger, products whose safety stock has not reached every place, grants that nobody
 * accepted), and forgets acceptances that no grant can come for any more.
 * Safe to run twice, late, or beside anything else: each write is conditional on what it was decided on.
 */
import type { Acceptance, Grant } from '../domain/grant.ts';
import { deleteGrant, postponeGrant, reviewAcceptance } from '../domain/grant-change.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import type { Reservation } from '../domain/reservation.ts';
import { type Decision, expire } from '../domain/reservation-changes.ts';
import { acceptGrant } from './accept-grants.ts';
import { actingIn } from './acting-in.ts';
import { bookShipment } from './book-shipment.ts';
import { advanceReservation, changeFound, writeGivenBack } from './change-reservation.ts';
import { completeWrites, tryNow } from './complete-writes.ts';
import { giveBackWrites, quotaId, recalledQuotas, unitsByQuota } from './give-back.ts';
import type { Dependencies, DueWork } from './ports.ts';
import { type Resent, type SendingDependencies, sendUnsent } from './send-unsent.ts';
import { settleProduct } from './settle-product.ts';
import { sweepDeliveries } from './sweep-deliveries.ts';
import type { DeliveryQueue } from './webhook-ports.ts';

/** DynamoDB takes 100 writes in one transaction. */
const COMMIT_WRITES_MAX = 100;

/** How often a batch is sent again without those that dropped out of it. */
const ROUNDS_MAX = 10;

export interface Completed extends Resent {
  readonly expired: number;
  /** How long after its expiry the latest of them gave its units back; absent when none did. */
  readonly expiryLagMs?: number;
  readonly booked: number;
  readonly settled: number;
  /** Grants, acceptances and deliveries that were looked at. */
  readonly reviewed: number;
}

type Expiry = { readonly reservation: Reservation; readonly decision: Decision & { outcome: 'change' } };

function decideExpiry(reservation: Reservation, nowMs: number): Expiry[] {
  const decision = expire(reservation, { atMs: nowMs });
  return decision.outcome === 'change' ? [{ reservation, decision }] : [];
}

const quotasOf = ({ reservation, decision }: Expiry) =>
  unitsByQuota([{ reservation, units: decision.givenBack }]);

/** As many expiries as fit one transaction, the quotas they share counted once. */
function firstBatch(expiries: readonly Expiry[]): Expiry[] {
  const quotas = new Set<string>();
  const batch: Expiry[] = [];
  for (const expiry of expiries) {
    const own = quotasOf(expiry).map(({ key }) => quotaId(key));
    const added = own.filter((id) => !quotas.has(id)).length;
    if (batch.length > 0 && batch.length + 1 + quotas.size + added > COMMIT_WRITES_MAX) break;
    for (const id of own) quotas.add(id);
    batch.push(expiry);
  }
  return batch;
}

/** One expiry by itself: the way for a location that is owed units, whose stock must be settled as well. */
async function expireAlone(deps: Dependencies, { reservation }: Expiry): Promise<number> {
  const changed = await changeFound(deps, reservation, {
    decide: expire,
    write: writeGivenBack,
    // The sweep needs no key of its own: a hold that is expired already is simply refused.
    idempotency: { key: '', keyHash: 'sweep', fingerprint: 'sweep' },
  });
  return changed.ok && !changed.value.replayed ? 1 : 0;
}

async function expireBatch(deps: Dependencies, batch: readonly Expiry[]): Promise<number> {
  let open = batch;
  let expired = 0;
  for (let round = 0; round < ROUNDS_MAX && open.length > 0; round += 1) {
    const units = unitsByQuota(
      open.map(({ reservation, decision }) => ({ reservation, units: decision.givenBack })),
    );
    const writes: GuardedWrite[] = [
      ...open.map(({ reservation, decision }) => advanceReservation(reservation, decision.next)),
      ...(await giveBackWrites(deps, units, new Set())),
    ];
    const commit = await deps.store.commit(writes);
    if (commit.outcome === 'contended') return expired;
    if (commit.outcome === 'committed') return expired + open.length;
    const recalled = recalledQuotas(writes, commit.images);
    const isAlone = (expiry: Expiry) => quotasOf(expiry).some(({ key }) => recalled.has(quotaId(key)));
    // A reservation that was changed meanwhile drops out; if it is still due, the next sweep finds it.
    const unchanged = open.filter((_, index) => !commit.images.has(index));
    for (const expiry of unchanged.filter(isAlone)) expired += await expireAlone(deps, expiry);
    open = unchanged.filter((expiry) => !isAlone(expiry));
  }
  return expired;
}

/** Gives back the units of holds that are past their expiry, many in one transaction. */
async function expireReservations(deps: Dependencies, due: readonly Reservation[]): Promise<number> {
  const nowMs = deps.clock.now();
  let open = due.flatMap((reservation) => decideExpiry(reservation, nowMs));
  let expired = 0;
  while (open.length > 0) {
    const batch = firstBatch(open);
    expired += await expireBatch(deps, batch);
    open = open.slice(batch.length);
  }
  return expired;
}

/** Forgets an acceptance whose grant has been gone for long enough, or looks at it again later. */
async function reviewOne(deps: Dependencies, acceptance: Acceptance): Promise<void> {
  const { tenantId, sku, grantId } = acceptance;
  const grant = await deps.store.get('grant', { tenantId, sku, grantId }, 'strong');
  await deps.store.commit([reviewAcceptance(acceptance, grant, deps.clock.now())]);
}

/** A grant that no stream has brought to its end: its taker is asked, and if it cannot be, again later. */
async function settleGrant(deps: Dependencies, grant: Grant): Promise<void> {
  const writes = await tryNow(() => acceptGrant(actingIn(deps, grant.to), grant));
  if (writes === undefined) {
    await deps.store.commit([postponeGrant(grant, deps.clock.now())]);
    return;
  }
  await deps.store.commit([deleteGrant(grant)]);
  await completeWrites(deps, writes);
}

/** Completes one batch of due work. What needs a region that is out of reach is left for the next sweep. */
export async function completeDueWork(
  deps: SendingDependencies & { readonly deliveryQueue?: DeliveryQueue },
  due: DueWork,
): Promise<Completed> {
  const expired = await expireReservations(deps, due.reservations);
  // What the clock says afterwards: the wait for the database is part of it.
  const nowMs = deps.clock.now();
  const expiryLagMs = Math.max(0, ...due.reservations.map(({ expiresAtMs }) => nowMs - expiresAtMs));
  let booked = 0;
  for (const shipment of due.shipments) {
    booked += (await tryNow(() => bookShipment(deps, shipment))) === true ? 1 : 0;
  }
  for (const product of due.products) await settleProduct(deps, product);
  for (const acceptance of due.acceptances) await reviewOne(deps, acceptance);
  for (const grant of due.grants) await settleGrant(deps, grant);
  const delivered = await sweepDeliveries(deps, due.deliveries);
  const reviewed = due.acceptances.length + due.grants.length + delivered;
  // Last, because nobody's units wait for a bus that is down.
  const resent = await sendUnsent(deps, due.unsent);
  const lag = expired === 0 ? {} : { expiryLagMs };
  return { expired, ...lag, booked, settled: due.products.length, reviewed, ...resent };
}
