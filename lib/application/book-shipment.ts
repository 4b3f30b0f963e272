/**
 * Books shipments in the ledger: units leave on-hand. Whoever ships books at once, in the same transaction
 * when it fits; what a crash leaves unbooked is finished by the sweep. The movement's id comes from the
 * shipment, so that each line is booked once, whoever tries.
 */
import { ABSENT, type GuardedWrite, PRESENT } from '../domain/guarded-write.ts';
import { type Movement, SHIPPED_UNCOUNTED } from '../domain/movement.ts';
import type { Shipment } from '../domain/shipment.ts';
import type { Stock } from '../domain/stock.ts';
import { changeStock } from '../domain/stock-change.ts';
import { backOff } from './back-off.ts';
import type { Consistency, Dependencies, RecordRef } from './ports.ts';

/** Lines booked in one transaction: each is two movements and a stock at most, of 100 writes. */
const LINES_PER_COMMIT = 33;

/** How often a booking is written anew after the stock had changed under it. */
const BOOKINGS_MAX = 10;

type Line = Shipment['lines'][number];

const stockId = (locationId: string, sku: string): string => `${locationId}#${sku}`;

/** Stocks by location and sku, as they were last seen. */
export type KnownStocks = Map<string, Stock | undefined>;

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

function insertMovement(movement: Movement): GuardedWrite {
  const { tenantId, sku, occurredAtMs, movementId } = movement;
  return {
    entity: 'movement',
    key: { tenantId, sku, occurredAtMs, movementId },
    conditions: [ABSENT],
    effect: { does: 'put', record: movement },
  };
}

function lineMovement(shipment: Shipment, { sku, quantity }: Line, onHandAfter: number): Movement {
  return {
    tenantId: shipment.tenantId,
    sku,
    occurredAtMs: shipment.shippedAtMs,
    // The last digit sorts it after its adjustment.
    movementId: `mov.${shipment.shipmentId}.${sku}.1`,
    locationId: shipment.locationId,
    type: 'shipment',
    quantity,
    delta: -quantity || 0,
    onHandAfter,
    actor: shipment.actor,
    reference: shipment.reservationId,
  };
}

/** A shipment is a fact: units that no count had seen are booked in before they are booked out. */
function uncountedMovement(
  shipment: Shipment,
  { sku }: Line,
  booked: { uncounted: number; onHandAfter: number },
) {
  const { uncounted, onHandAfter } = booked;
  return insertMovement({
    ...lineMovement(shipment, { sku, quantity: uncounted }, onHandAfter),
    movementId: `mov.${shipment.shipmentId}.${sku}.0`,
    type: 'adjustment',
    delta: uncounted,
    reason: SHIPPED_UNCOUNTED,
  });
}

/** The writes that book one line, the shipment's movement first. */
function bookLine(shipment: Shipment, line: Line, stock: Stock | undefined): GuardedWrite[] {
  const { tenantId, locationId, homeRegion: region } = shipment;
  const { onHand = 0, shortage = 0 } = stock ?? {};
  const uncounted = Math.max(0, line.quantity - onHand);
  const onHandAfter = onHand + uncounted - line.quantity;
  const writes = [
    insertMovement(lineMovement(shipment, line, onHandAfter)),
    changeStock({ tenantId, locationId, sku: line.sku, region }, stock, {
      onHand: uncounted - line.quantity,
      keptBack: 0,
      shortage: -Math.min(uncounted, shortage) || 0,
    }),
  ];
  if (uncounted === 0) return writes;
  return [...writes, uncountedMovement(shipment, line, { uncounted, onHandAfter: onHand + uncounted })];
}

/** The writes that book shipments whole, from stocks as they are known. */
export function bookingWrites(shipments: readonly Shipment[], stocks: KnownStocks): GuardedWrite[] {
  return shipments.flatMap((shipment) =>
    shipment.lines.flatMap((line) =>
      bookLine(shipment, line, stocks.get(stockId(shipment.locationId, line.sku))),
    ),
  );
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
 * Books a shipment that its ship transaction could not book itself, then clears its mark. Safe to repeat.
 *
 * @returns `false` when others were in the way; the sweep tries again.
 */
export async function bookShipment(deps: Dependencies, shipment: Shipment): Promise<boolean> {
  for (let start = 0; start < shipment.lines.length; start += LINES_PER_COMMIT) {
    const lines = shipment.lines.slice(start, start + LINES_PER_COMMIT);
    if (!(await bookLines(deps, { ...shipment, lines }))) return false;
  }
  const { bookingDueAtMs: _, ...booked } = shipment;
  const { tenantId, shipmentId } = shipment;
  const commit = await deps.store.commit([
    {
      entity: 'shipment',
      key: { tenantId, shipmentId },
      conditions: [PRESENT],
      effect: { does: 'put', record: booked },
    },
  ]);
  return commit.outcome === 'committed';
}
