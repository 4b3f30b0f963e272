/**
 * Units of reservations go back to the quotas they came from. While a location is owed units (a shortage, or
 * less kept back than its safety stock), they pay that first: the home region settles it in the same
 * transaction, any other grants them to the home region.
 */
import { putGrant } from '../domain/grant-change.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import type { Quota, QuotaKey } from '../domain/quota.ts';
import { changeQuota, giveBack, giveBackUnsettled, passOn, shipOut } from '../domain/quota-change.ts';
import type { AllocatedUnits, Reservation } from '../domain/reservation.ts';
import { settleGiveBack } from '../domain/settlement.ts';
import { changeStock } from '../domain/stock-change.ts';
import { draftGrant } from './give-units.ts';
import type { Dependencies } from './ports.ts';
import { readHomePlace } from './read-place.ts';

/** Writes of one transaction besides the reservation: DynamoDB takes 100 in all. */
const GIVE_BACK_WRITES_MAX = 99;

/** A recalled quota needs another write: the stock at home, elsewhere a grant. */
const SETTLED_WRITES = 2;

export interface QuotaUnits {
  readonly key: QuotaKey;
  /** The location's home region. */
  readonly home: string;
  readonly quantity: number;
}

export const quotaId = ({ tenantId, sku, locationId, shard }: QuotaKey): string =>
  `${tenantId}#${sku}#${locationId}#${shard}`;

/** Units of reservations by the quota they came from: a transaction may change each quota once only. */
export function unitsByQuota(
  parts: readonly { readonly reservation: Reservation; readonly units: readonly AllocatedUnits[] }[],
): QuotaUnits[] {
  const byQuota = new Map<string, QuotaUnits>();
  for (const { reservation, units } of parts) {
    const { tenantId, region, lines } = reservation;
    for (const [lineIndex, allocationIndex, quantity] of units) {
      const line = lines[lineIndex];
      const allocation = line?.allocations[allocationIndex];
      if (line === undefined || allocation === undefined) continue;
      const key = {
        tenantId,
        sku: line.sku,
        locationId: allocation.locationId,
        region,
        shard: allocation.shard,
      };
      const sum = (byQuota.get(quotaId(key))?.quantity ?? 0) + quantity;
      byQuota.set(quotaId(key), { key, home: allocation.region, quantity: sum });
    }
  }
  return [...byQuota.values()];
}

/** The quotas that a refused commit showed to be recalled. */
export function recalledQuotas(
  writes: readonly GuardedWrite[],
  images: ReadonlyMap<number, object | undefined>,
): ReadonlySet<string> {
  const recalled = [...images].flatMap(([index, image]) => {
    const write = writes[index];
    const isRecalled = write?.entity === 'quota' && (image as Quota | undefined)?.recalled === true;
    return isRecalled ? [quotaId(write.key)] : [];
  });
  return new Set(recalled);
}

/** At home: what the location is owed is paid first. */
async function settleAtHome(
  deps: Dependencies,
  { key, quantity }: QuotaUnits,
): Promise<readonly GuardedWrite[]> {
  const place = await readHomePlace(deps, key);
  // Whoever cleared the recall meanwhile paid what was owed: the plain way is right again.
  if (place?.recalled !== true) return [changeQuota(key, giveBack(quantity))];
  const settlement = settleGiveBack(place.position, quantity);
  return [changeQuota(key, settlement.quota), changeStock(place.stock, place.stock, settlement.stock)];
}

/** Elsewhere: they go to the home region instead of back to the quota. */
function sendHome(deps: Dependencies, { key, home, quantity }: QuotaUnits): readonly GuardedWrite[] {
  const { tenantId, sku, locationId } = key;
  const move = { tenantId, sku, locationId, home, quantity };
  return [changeQuota(key, passOn(quantity)), putGrant(draftGrant(deps, move, { to: home, reason: 'home' }))];
}

function settleRecalled(deps: Dependencies, units: QuotaUnits): Promise<readonly GuardedWrite[]> {
  return units.home === units.key.region ? settleAtHome(deps, units) : Promise.resolve(sendHome(deps, units));
}

/**
 * The writes that give units back. `recalled` names the quotas known to be recalled: they are settled as far as
 * the transaction has room; the rest is settled when the stream shows it.
 */
export async function giveBackWrites(
  deps: Dependencies,
  units: readonly QuotaUnits[],
  recalled: ReadonlySet<string>,
): Promise<GuardedWrite[]> {
  const writes: GuardedWrite[] = [];
  let left = units.length;
  for (const part of units) {
    left -= 1;
    const isRecalled = recalled.has(quotaId(part.key));
    const hasRoom = writes.length + left + SETTLED_WRITES <= GIVE_BACK_WRITES_MAX;
    if (!isRecalled) writes.push(changeQuota(part.key, giveBack(part.quantity)));
    else if (hasRoom) writes.push(...(await settleRecalled(deps, part)));
    else writes.push(changeQuota(part.key, giveBackUnsettled(part.quantity)));
  }
  return writes;
}

/** The writes that let promised units leave. */
export const shipOutWrites = (units: readonly QuotaUnits[]): GuardedWrite[] =>
  units.map(({ key, quantity }) => changeQuota(key, shipOut(quantity)));
