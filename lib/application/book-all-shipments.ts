import { actingIn } from './acting-in.ts';
import { backOff } from './back-off.ts';
import { bookAtHome } from './book-shipment.ts';
import { grantsUnderWay } from './grants-under-way.ts';
import { livingRegions, readSkuEverywhere } from './owned-records.ts';
import type { Dependencies, SkuRecords } from './ports.ts';

/** How often shipments are booked before a count gives up: each round meets only those that left since. */
const ROUNDS_MAX = 8;

interface PlaceKey {
  readonly tenantId: string;
  readonly sku: string;
  readonly locationId: string;
}

/**
 * Units that were shipped from a location and are not in its ledger: what is left of the law of conservation
 * when everything else is known. An index may overlook a shipment; this does not.
 */
async function unbookedUnits(
  deps: Dependencies,
  records: SkuRecords,
  { locationId }: PlaceKey,
): Promise<number> {
  const isHere = (record: { readonly locationId: string }) => record.locationId === locationId;
  const underWay = await grantsUnderWay(deps, records.grants.filter(isHere));
  const stock = records.stocks.find(isHere);
  const { onHand = 0, shortage = 0, keptBack = 0 } = stock ?? {};
  const inQuotas = records.quotas
    .filter(isHere)
    .reduce((sum, { available, promised }) => sum + available + promised, 0);
  const granted = underWay.reduce((sum, { quantity }) => sum + quantity, 0);
  return onHand + shortage - keptBack - inQuotas - granted;
}

async function bookClaims(home: Dependencies, { tenantId, sku, locationId }: PlaceKey): Promise<void> {
  for (const region of await livingRegions(home)) {
    const { unbookedShipments } = await actingIn(home, region).store.claimsOn(tenantId, sku);
    for (const shipment of unbookedShipments) {
      if (shipment.region === region && shipment.locationId === locationId) await bookAtHome(home, shipment);
    }
  }
}

/**
 * Books every shipment that has left a location, from whatever region: only then does a count say what is
 * missing.
 *
 * @param home acts in the location's home region.
 * @returns `false` when the sku is too busy to be seen at rest.
 * @throws StoreUnavailableError when a region is out of reach: its shipments are unknown.
 */
export async function bookAllShipments(home: Dependencies, place: PlaceKey): Promise<boolean> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const records = await readSkuEverywhere(home, place.tenantId, place.sku);
    if ((await unbookedUnits(home, records, place)) === 0) return true;
    await bookClaims(home, place);
    await backOff(home, round);
  }
  return false;
}
