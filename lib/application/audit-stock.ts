import { type LocationBalance, totalOf, violationsOf } from '../domain/conservation.ts';
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { Reservation } from '../domain/reservation.ts';
import { claimsOfReservation, claimsOfShipment, unitsByLocation } from '../domain/unit-claims.ts';
import type { Dependencies } from './ports.ts';

/** Passes before an audit gives up on two that agree: the sku is too busy to be seen at rest. */
const PASSES_MAX = 6;

/** Between two passes, so that a change in flight is not seen half twice. */
const PAUSE_MS = 50;

export interface Audit {
  readonly sku: string;
  /** No violation. */
  readonly ok: boolean;
  /** Two passes in a row read the same. */
  readonly stable: boolean;
  readonly total: ReturnType<typeof totalOf>;
  readonly violations: readonly string[];
}

/** Units of the sku still promised to reservations, by location. */
const promisedTo = (reservations: readonly Reservation[], sku: string): Map<string, number> =>
  unitsByLocation(reservations.flatMap(claimsOfReservation), sku);

async function readBalances(deps: Dependencies, tenantId: string, sku: string) {
  const [records, claims, ledger] = await Promise.all([
    deps.store.readSku(tenantId, sku, 'strong'),
    deps.store.claimsOn(tenantId, sku),
    deps.store.ledgerSums(tenantId, sku),
  ]);
  if (records.product === undefined) return undefined;
  const held = promisedTo(
    claims.reservations.filter(({ status }) => status === 'held'),
    sku,
  );
  const committed = promisedTo(
    claims.reservations.filter(({ status }) => status !== 'held'),
    sku,
  );
  const unbooked = unitsByLocation(claims.unbookedShipments.flatMap(claimsOfShipment), sku);
  const places = [...records.stocks, ...records.quotas].map(({ locationId }) => locationId);
  const ids = new Set([...places, ...held.keys(), ...committed.keys(), ...unbooked.keys(), ...ledger.keys()]);
  return [...ids].sort().map((locationId): LocationBalance => {
    const stock = records.stocks.find((candidate) => candidate.locationId === locationId);
    const quotas = records.quotas.filter((candidate) => candidate.locationId === locationId);
    return {
      locationId,
      onHand: stock?.onHand ?? 0,
      shortage: stock?.shortage ?? 0,
      keptBack: stock?.keptBack ?? 0,
      available: quotas.reduce((sum, quota) => sum + quota.available, 0),
      promised: quotas.reduce((sum, quota) => sum + quota.promised, 0),
      held: held.get(locationId) ?? 0,
      committed: committed.get(locationId) ?? 0,
      unbooked: unbooked.get(locationId) ?? 0,
      ledgerSum: ledger.get(locationId) ?? 0,
    };
  });
}

/**
 * Checks that every unit of a sku is where it should be, over all its locations. It reads the sources until
 * two passes agree, because a sku that is being sold is never read at one instant.
 *
 * Rejections: `not_found`.
 */
export async function auditStock(deps: Dependencies, tenantId: string, sku: string): Promise<Result<Audit>> {
  let balances = await readBalances(deps, tenantId, sku);
  let isStable = false;
  for (let pass = 1; pass < PASSES_MAX && !isStable; pass += 1) {
    const before = JSON.stringify(balances);
    await deps.clock.sleep(pass === 1 ? 0 : PAUSE_MS);
    balances = await readBalances(deps, tenantId, sku);
    isStable = JSON.stringify(balances) === before;
  }
  if (balances === undefined) return reject({ code: 'not_found', detail: `There is no product ${sku}.` });
  const violations = balances.flatMap(violationsOf);
  return succeed({
    sku,
    ok: violations.length === 0,
    stable: isStable,
    total: totalOf(balances),
    violations,
  });
}
