/**
 * The units of one stock that a retired region had: what is missing from the law of conservation when all that
 * the other regions know is added up. No operation of theirs changes that sum, so it needs no moment of rest.
 */
import { insertMovement } from '../domain/booking.ts';
import { deleteGrant } from '../domain/grant-change.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import { KEY_HASH_LENGTH } from '../domain/identifiers.ts';
import type { Movement } from '../domain/movement.ts';
import { changeQuota } from '../domain/quota-change.ts';
import { recover } from '../domain/settlement.ts';
import type { Shipment } from '../domain/shipment.ts';
import type { Stock } from '../domain/stock.ts';
import { changeStock } from '../domain/stock-change.ts';
import { actingIn } from './acting-in.ts';
import { backOff } from './back-off.ts';
import { bookAtHome, bookedLines } from './book-shipment.ts';
import { completeWrites } from './complete-writes.ts';
import { grantsUnderWay } from './grants-under-way.ts';
import type { Dependencies, SkuRecords } from './ports.ts';
import { positionOf } from './read-place.ts';
import { quotaKey } from './supply.ts';

/** Passes before a stock is left for the next run: two in a row must agree. */
const PASSES_MAX = 10;

/** How often it is written anew after the stock had changed meanwhile. */
const ATTEMPTS_MAX = 10;

/** Reason of the two movements that write stranded units off and book them in again. */
const REGION_RETIRED = 'region_retired';

export interface Recovery {
  readonly stock: Stock;
  /** The regions that are left. */
  readonly survivors: readonly string[];
  readonly retired: string;
}

interface Seen {
  readonly region: string;
  readonly records: SkuRecords;
  readonly shipments: readonly Shipment[];
}

async function look(home: Dependencies, { stock, survivors }: Recovery): Promise<Seen[]> {
  const { tenantId, sku } = stock;
  return Promise.all(
    survivors.map(async (region) => {
      const { store } = actingIn(home, region);
      const [records, claims] = await Promise.all([
        store.readSku(tenantId, sku, 'strong'),
        store.claimsOn(tenantId, sku),
      ]);
      return { region, records, shipments: claims.unbookedShipments };
    }),
  );
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** Units that were shipped by the other regions and are not in the ledger. */
async function unbookedUnits(home: Dependencies, shipments: readonly Shipment[], sku: string) {
  const units = shipments.map(async (shipment) => {
    const lines = shipment.lines.filter((line) => line.sku === sku);
    const booked = await bookedLines(home, { ...shipment, lines });
    return total(lines.map(({ quantity }, index) => (booked[index] === true ? 0 : quantity)));
  });
  return total(await Promise.all(units));
}

/** Shipments that the retired region told of are facts; grants to it will never be accepted. */
async function closeAccounts(home: Dependencies, seen: readonly Seen[], recovery: Recovery): Promise<void> {
  const { stock, retired } = recovery;
  for (const { region, records, shipments } of seen) {
    const theirs = shipments.filter(
      (shipment) => shipment.region === retired && shipment.locationId === stock.locationId,
    );
    for (const shipment of theirs) await bookAtHome(home, shipment);
    const dead = records.grants.filter(({ from, to }) => from === region && to === retired);
    for (const grant of dead) await actingIn(home, region).store.commit([deleteGrant(grant)]);
  }
}

interface Reading {
  readonly stranded: number;
  readonly stock: Stock;
  readonly records: SkuRecords;
}

async function read(home: Dependencies, recovery: Recovery): Promise<Reading | undefined> {
  const { locationId, sku } = recovery.stock;
  const seen = await look(home, recovery);
  await closeAccounts(home, seen, recovery);
  const isHere = (record: { readonly locationId: string }) => record.locationId === locationId;
  const records = seen.find(({ region }) => region === home.region)?.records;
  const stock = records?.stocks.find(isHere);
  if (records === undefined || stock === undefined) return undefined;
  const inQuotas = seen.flatMap(({ region, records: { quotas } }) =>
    quotas
      .filter((quota) => isHere(quota) && quota.region === region)
      .map(({ available, promised }) => available + promised),
  );
  const grants = seen.flatMap(({ region, records: { grants: own } }) =>
    own.filter((grant) => isHere(grant) && grant.from === region && grant.to !== recovery.retired),
  );
  const underWay = await grantsUnderWay(home, grants);
  const shipments = seen.flatMap(({ region, shipments: own }) =>
    own.filter((shipment) => isHere(shipment) && shipment.region === region),
  );
  const known =
    stock.keptBack +
    total(inQuotas) +
    total(underWay.map(({ quantity }) => quantity)) +
    (await unbookedUnits(home, shipments, sku));
  return { stranded: stock.onHand + stock.shortage - known, stock, records };
}

function recoveryWrites(home: Dependencies, { stranded, stock, records }: Reading, retired: string) {
  const { tenantId, sku, locationId, onHand } = stock;
  const movement: Movement = {
    tenantId,
    sku,
    locationId,
    occurredAtMs: home.clock.now(),
    movementId: `mov.${home.random.hex(KEY_HASH_LENGTH)}.0`,
    type: 'adjustment',
    quantity: -stranded,
    delta: -stranded,
    onHandAfter: Math.max(0, onHand - stranded),
    region: home.region,
    stockVersion: stock.version + 1,
    actor: retired,
    reason: REGION_RETIRED,
  };
  const back: Movement = {
    ...movement,
    movementId: `${movement.movementId.slice(0, -1)}1`,
    quantity: stranded,
    delta: stranded,
    onHandAfter: onHand,
  };
  const own = records.quotas.filter(
    (quota) => quota.locationId === locationId && quota.region === home.region,
  );
  const position = positionOf({ safetyStock: records.product?.safetyStock ?? 0 }, stock, own);
  const settlement = recover(position, stranded);
  return [
    changeStock(stock, stock, settlement.stock),
    changeQuota(quotaKey(home, stock), settlement.quota),
    insertMovement(movement),
    insertMovement(back),
  ] satisfies GuardedWrite[];
}

/** Two passes that read the same: nothing moved between them that one of them saw half. */
const agree = (a: Reading, b: Reading): boolean =>
  a.stranded === b.stranded && a.stock.version === b.stock.version;

/** A reading that the next one confirms; `undefined` for a stock that is gone, or never at rest. */
async function readTwice(home: Dependencies, recovery: Recovery): Promise<Reading | undefined> {
  let before = await read(home, recovery);
  for (let pass = 1; pass < PASSES_MAX && before !== undefined; pass += 1) {
    const now = await read(home, recovery);
    if (now !== undefined && agree(before, now)) return now;
    before = now;
    await backOff(home, pass);
  }
  return undefined;
}

/**
 * Writes off and books in again what a retired region had of one stock.
 *
 * @param home acts in the stock's home region.
 * @returns how many units; `undefined` when the stock was too busy to be settled.
 */
export async function recoverStranded(home: Dependencies, recovery: Recovery): Promise<number | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const reading = await readTwice(home, recovery);
    if (reading === undefined) return undefined;
    if (reading.stranded === 0) return 0;
    const writes = recoveryWrites(home, reading, recovery.retired);
    const commit = await home.store.commit(writes);
    if (commit.outcome !== 'committed') continue;
    await completeWrites(home, writes);
    return reading.stranded;
  }
  return undefined;
}
