import { type Discrepancy, discrepanciesOf, type LocationBalance, totalOf } from '../domain/conservation.ts';
import type { Grant } from '../domain/grant.ts';
import { type Result, reject, succeed } from '../domain/rejection.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Shipment } from '../domain/shipment.ts';
import { claimsOfReservation, type UnitClaim, unitsByLocation } from '../domain/unit-claims.ts';
import { actingIn } from './acting-in.ts';
import { bookedLines } from './book-shipment.ts';
import { grantsUnderWay } from './grants-under-way.ts';
import { livingRegions, readSkuEverywhere } from './owned-records.ts';
import type { Dependencies, SkuRecords } from './ports.ts';

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
  /** The same as figures. */
  readonly discrepancies: readonly Discrepancy[];
}

/** What one region says of a sku besides the records of the sku itself. */
interface RegionClaims {
  readonly reservations: readonly Reservation[];
  readonly shipments: readonly Shipment[];
  /** Sums of the ledger, by location, as this region has them. */
  readonly ledger: ReadonlyMap<string, number>;
}

async function readRegion(deps: Dependencies, tenantId: string, sku: string): Promise<RegionClaims> {
  const { region, store } = deps;
  const [claims, ledger] = await Promise.all([
    store.claimsOn(tenantId, sku),
    store.ledgerSums(tenantId, sku),
  ]);
  return {
    reservations: claims.reservations.filter((reservation) => reservation.region === region),
    shipments: claims.unbookedShipments.filter((shipment) => shipment.region === region),
    ledger,
  };
}

/** Units that shipments still have to be booked for: a mark may outlive its booking for a moment. */
async function unbookedUnits(
  deps: Dependencies,
  shipments: readonly Shipment[],
  sku: string,
): Promise<UnitClaim[]> {
  const claims = shipments.map(async (shipment) => {
    const lines = shipment.lines.filter((line) => line.sku === sku);
    const ofSku = { ...shipment, lines };
    const booked = await bookedLines(actingIn(deps, shipment.homeRegion), ofSku);
    const { locationId } = shipment;
    return lines.flatMap(({ quantity }, index) =>
      booked[index] === true ? [] : [{ sku, locationId, units: quantity }],
    );
  });
  return (await Promise.all(claims)).flat();
}

/** Units of the sku still promised to reservations, by location. */
const promisedTo = (reservations: readonly Reservation[], sku: string): Map<string, number> =>
  unitsByLocation(reservations.flatMap(claimsOfReservation), sku);

/** The sum of each location's ledger, as its home region has it. */
function ledgerSums(records: SkuRecords, regions: ReadonlyMap<string, RegionClaims>): Map<string, number> {
  return new Map(
    records.stocks.map(({ locationId, region }) => [
      locationId,
      regions.get(region)?.ledger.get(locationId) ?? 0,
    ]),
  );
}

const sum = <Item>(items: readonly Item[], units: (item: Item) => number): number =>
  items.reduce((total, item) => total + units(item), 0);

interface Everything {
  readonly records: SkuRecords;
  readonly underWay: readonly Grant[];
  readonly held: ReadonlyMap<string, number>;
  readonly committed: ReadonlyMap<string, number>;
  readonly unbooked: ReadonlyMap<string, number>;
  readonly ledger: ReadonlyMap<string, number>;
}

async function readEverything(
  deps: Dependencies,
  tenantId: string,
  sku: string,
): Promise<Everything | undefined> {
  const names = await livingRegions(deps);
  const [records, claims] = await Promise.all([
    readSkuEverywhere(deps, tenantId, sku),
    Promise.all(names.map((region) => readRegion(actingIn(deps, region), tenantId, sku))),
  ]);
  if (records.product === undefined) return undefined;
  const regions = new Map(names.map((region, index) => [region, claims[index] as RegionClaims]));
  const reservations = claims.flatMap((region) => region.reservations);
  const isHeld = ({ status }: Reservation) => status === 'held';
  const shipments = claims.flatMap((region) => region.shipments);
  return {
    records,
    underWay: await grantsUnderWay(deps, records.grants),
    held: promisedTo(reservations.filter(isHeld), sku),
    committed: promisedTo(
      reservations.filter((reservation) => !isHeld(reservation)),
      sku,
    ),
    unbooked: unitsByLocation(await unbookedUnits(deps, shipments, sku), sku),
    ledger: ledgerSums(records, regions),
  };
}

function balanceAt(locationId: string, all: Everything): LocationBalance {
  const isHere = (record: { readonly locationId: string }) => record.locationId === locationId;
  const stock = all.records.stocks.find(isHere);
  const quotas = all.records.quotas.filter(isHere);
  return {
    locationId,
    onHand: stock?.onHand ?? 0,
    shortage: stock?.shortage ?? 0,
    keptBack: stock?.keptBack ?? 0,
    available: sum(quotas, ({ available }) => available),
    promised: sum(quotas, ({ promised }) => promised),
    held: all.held.get(locationId) ?? 0,
    committed: all.committed.get(locationId) ?? 0,
    inTransit: sum(all.underWay.filter(isHere), ({ quantity }) => quantity),
    unbooked: all.unbooked.get(locationId) ?? 0,
    ledgerSum: all.ledger.get(locationId) ?? 0,
  };
}

async function readBalances(deps: Dependencies, tenantId: string, sku: string) {
  const all = await readEverything(deps, tenantId, sku);
  if (all === undefined) return undefined;
  const { records, underWay, held, committed, unbooked } = all;
  const named = [...records.stocks, ...records.quotas, ...underWay].map(({ locationId }) => locationId);
  const ids = new Set([...named, ...held.keys(), ...committed.keys(), ...unbooked.keys()]);
  return [...ids].sort().map((locationId) => balanceAt(locationId, all));
}

/**
 * Checks that every unit of a sku is where it should be, over all its locations and regions. It reads the sources
 * until two passes agree, because a sku that is being sold is never read at one instant.
 *
 * Rejections: `not_found`.
 *
 * @throws StoreUnavailableError when a region is out of reach.
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
  const discrepancies = balances.flatMap(discrepanciesOf);
  return succeed({
    sku,
    ok: discrepancies.length === 0,
    stable: isStable,
    total: totalOf(balances),
    violations: discrepancies.map(({ sentence }) => sentence),
    discrepancies,
  });
}
