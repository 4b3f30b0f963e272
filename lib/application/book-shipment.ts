/**
 * Books shipments in the ledger: units leave on-hand. Whoever ships books at once, in the same transaction
 * when it fits; what a crash leaves unbooked is finished by the sweep. The movement's id comes from the
 * shipment, so that each line is booked once, whoever tries.
 */
import { bookingWrites, type KnownStocks, movementIdOf, stockId } from '../domain/booking.ts';
import { type GuardedWrite, PRESENT } from '../domain/guarded-write.ts';
import type { Shipment } from '../domain/shipment.ts';
import type { Stock } from '../domain/stock.ts';
import { actingIn } from './acting-in.ts';
import { backOff } from './back-off.ts';
import type { Consistency, Dependencies, RecordRef } from './ports.ts';

/** Lines booked in one transaction: each is two movements and a stock at most, of 100 writes. */
const LINES_PER_COMMIT = 33;

/** How often a booking is written anew after the stock had changed under it. */
const BOOKINGS_MAX = 10;

/** Reads the stocks that shipments take from; the booking's condition tells whether they are still so. */
export async function readStocks(
  deps: Dependencies,
  shipments: readonly Shipment[],
  consistency: Consistency,
): Promise<KnownStocks> {
  const places = shipments.flatMap(({ tenantId, locationId, lines }) =>
    lines.map(({ sku }) => ({ tenantId, locationId, sku })),
  );
  const refs = places.map((key): RecordRef => ({ entity: 'stock', key }));
  const stocks = await deps.store.getMany(refs, consistency);
  return new Map(
    places.map(({ locationId, sku }, index) => [
      stockId(locationId, sku),
      stocks[index] as Stock | undefined,
    ]),
  );
}

/** What a refused commit showed of stocks replaces what was known. */
function learnStocks(
  stocks: KnownStocks,
  writes: readonly GuardedWrite[],
  images: ReadonlyMap<number, object | undefined>,
): void {
  for (const [index, image] of images) {
    const write = writes[index];
    if (write?.entity !== 'stock') continue;
    stocks.set(stockId(write.key.locationId, write.key.sku), image as Stock | undefined);
  }
}

/** Skus of the lines that a refused commit showed to be in the ledger already. */
function bookedSkus(
  writes: readonly GuardedWrite[],
  images: ReadonlyMap<number, object | undefined>,
): Set<string> {
  const booked = [...images].flatMap(([index, image]) => {
    const write = writes[index];
    return write?.entity === 'movement' && image !== undefined ? [write.key.sku] : [];
  });
  return new Set(booked);
}

async function bookLines(deps: Dependencies, shipment: Shipment): Promise<boolean> {
  const stocks = await readStocks(deps, [shipment], 'strong');
  let open = shipment.lines;
  for (let attempt = 0; attempt < BOOKINGS_MAX && open.length > 0; attempt += 1) {
    const writes = bookingWrites([{ ...shipment, lines: open }], stocks);
    const commit = await deps.store.commit(writes);
    if (commit.outcome === 'contended') return false;
    if (commit.outcome === 'committed') return true;
    learnStocks(stocks, writes, commit.images);
    const booked = bookedSkus(writes, commit.images);
    open = open.filter(({ sku }) => !booked.has(sku));
    await backOff(deps, attempt);
  }
  return open.length === 0;
}

/**
 * Books all lines of a shipment in the home region of its location. Safe to repeat: each line is booked once.
 *
 * @returns `false` when others were in the way.
 */
export async function bookAtHome(deps: Dependencies, shipment: Shipment): Promise<boolean> {
  const home = actingIn(deps, shipment.homeRegion);
  for (let start = 0; start < shipment.lines.length; start += LINES_PER_COMMIT) {
    const lines = shipment.lines.slice(start, start + LINES_PER_COMMIT);
    if (!(await bookLines(home, { ...shipment, lines }))) return false;
  }
  return true;
}

/**
 * Books a shipment that its ship transaction could not book itself, then clears its mark, which belongs to the
 * region that shipped. Safe to repeat.
 *
 * @returns `false` when others were in the way; the sweep tries again.
 */
export async function bookShipment(deps: Dependencies, shipment: Shipment): Promise<boolean> {
  if (!(await bookAtHome(deps, shipment))) return false;
  const { bookingDueAtMs: _, ...booked } = shipment;
  const { tenantId, shipmentId } = shipment;
  const commit = await actingIn(deps, shipment.region).store.commit([
    {
      entity: 'shipment',
      key: { tenantId, shipmentId },
      conditions: [PRESENT],
      effect: { does: 'put', record: booked },
    },
  ]);
  return commit.outcome === 'committed';
}

/** Whether each line of a shipment is in the ledger of its home region, where `home` acts. */
export async function bookedLines(home: Dependencies, shipment: Shipment): Promise<readonly boolean[]> {
  const { tenantId, shippedAtMs: occurredAtMs } = shipment;
  const refs = shipment.lines.map(({ sku }): RecordRef => {
    const movementId = movementIdOf(shipment, sku);
    return { entity: 'movement', key: { tenantId, sku, occurredAtMs, movementId } };
  });
  const movements = await home.store.getMany(refs, 'strong');
  return movements.map((movement) => movement !== undefined);
}
