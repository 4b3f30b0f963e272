/**
 * Units of reservations go back to the quotas they came from. While a location is owed units (a shortage, or
 * less kept back than its safety stock), they pay that first: the home region, which is this one, settles it
 * in the same transaction.
 */
import type { GuardedWrite } from '../domain/guarded-write.ts';
import type { Quota, QuotaKey } from '../domain/quota.ts';
import { changeQuota, giveBack, shipOut } from '../domain/quota-change.ts';
import type { AllocatedUnits, Reservation } from '../domain/reservation.ts';
import { settleGiveBack } from '../domain/settlement.ts';
import { changeStock } from '../domain/stock-change.ts';
import type { Dependencies } from './ports.ts';

export interface QuotaUnits {
  readonly key: QuotaKey;
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
      byQuota.set(quotaId(key), { key, quantity: sum });
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

async function settleRecalled(deps: Dependencies, { key, quantity }: QuotaUnits): Promise<GuardedWrite[]> {
  const { product, stocks, quotas } = await deps.store.readSku(key.tenantId, key.sku, 'strong');
  const stock = stocks.find(({ locationId }) => locationId === key.locationId);
  const quota = quotas.find((candidate) => quotaId(candidate) === quotaId(key));
  // Whoever cleared the recall meanwhile paid what was owed: the plain way is right again.
  if (stock === undefined || quota?.recalled !== true) return [changeQuota(key, giveBack(quantity))];
  const position = { ...stock, available: quota.available, safetyStock: product?.safetyStock ?? 0 };
  const settlement = settleGiveBack(position, quantity);
  return [changeQuota(key, settlement.quota), changeStock(stock, stock, settlement.stock)];
}

/** The writes that give units back. `recalled` names the quotas known to be recalled. */
export async function giveBackWrites(
  deps: Dependencies,
  units: readonly QuotaUnits[],
  recalled: ReadonlySet<string>,
): Promise<GuardedWrite[]> {
  const writes = units.map(({ key, quantity }) =>
    recalled.has(quotaId(key))
      ? settleRecalled(deps, { key, quantity })
      : [changeQuota(key, giveBack(quantity))],
  );
  return (await Promise.all(writes)).flat();
}

/** The writes that let promised units leave. */
export const shipOutWrites = (units: readonly QuotaUnits[]): GuardedWrite[] =>
  units.map(({ key, quantity }) => changeQuota(key, shipOut(quantity)));
