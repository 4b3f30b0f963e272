/** What books a shipment in the ledger, as guarded writes: a movement for each line, and its stock. */
import { ABSENT, type GuardedWrite } from './guarded-write.ts';
import { type Movement, SHIPPED_UNCOUNTED } from './movement.ts';
import type { Shipment } from './shipment.ts';
import type { Stock } from './stock.ts';
import { changeStock } from './stock-change.ts';

type Line = Shipment['lines'][number];

export const stockId = (locationId: string, sku: string): string => `${locationId}#${sku}`;

/** Stocks by location and sku, as they were last seen. */
export type KnownStocks = Map<string, Stock | undefined>;

/** The guarded write of a movement: it is booked once. */
export function insertMovement(movement: Movement): GuardedWrite {
  const { tenantId, sku, occurredAtMs, movementId } = movement;
  return {
    entity: 'movement',
    key: { tenantId, sku, occurredAtMs, movementId },
    conditions: [ABSENT],
    effect: { does: 'put', record: movement },
  };
}

/** The id of the movement that books a line. The last digit sorts it after its adjustment. */
export const movementIdOf = ({ shipmentId }: Shipment, sku: string): string => `mov.${shipmentId}.${sku}.1`;

/** What the stock of a line is when it is booked. */
interface Booked {
  readonly onHandAfter: number;
  readonly stockVersion: number;
}

function lineMovement(shipment: Shipment, { sku, quantity }: Line, booked: Booked): Movement {
  return {
    tenantId: shipment.tenantId,
    sku,
    occurredAtMs: shipment.shippedAtMs,
    movementId: movementIdOf(shipment, sku),
    locationId: shipment.locationId,
    type: 'shipment',
    quantity,
    delta: -quantity || 0,
    ...booked,
    region: shipment.homeRegion,
    actor: shipment.actor,
    reference: shipment.reservationId,
  };
}

/** A shipment is a fact: units that no count had seen are booked in before they are booked out. */
function uncountedMovement(
  shipment: Shipment,
  { sku }: Line,
  { uncounted, ...booked }: Booked & { readonly uncounted: number },
) {
  return insertMovement({
    ...lineMovement(shipment, { sku, quantity: uncounted }, booked),
    movementId: `mov.${shipment.shipmentId}.${sku}.0`,
    type: 'adjustment',
    delta: uncounted,
    reason: SHIPPED_UNCOUNTED,
  });
}

/** The writes that book one line, the shipment's movement first. */
function bookLine(shipment: Shipment, line: Line, stock: Stock | undefined): GuardedWrite[] {
  const { tenantId, locationId, homeRegion: region } = shipment;
  const { onHand = 0, shortage = 0, version = 0 } = stock ?? {};
  const stockVersion = version + 1;
  const uncounted = Math.max(0, line.quantity - onHand);
  const onHandAfter = onHand + uncounted - line.quantity;
  const writes = [
    insertMovement(lineMovement(shipment, line, { onHandAfter, stockVersion })),
    changeStock({ tenantId, locationId, sku: line.sku, region }, stock, {
      onHand: uncounted - line.quantity,
      keptBack: 0,
      shortage: -Math.min(uncounted, shortage) || 0,
      // Whoever settles the location next sees whether it is still owed units.
      recalled: stock?.recalled ?? false,
    }),
  ];
  if (uncounted === 0) return writes;
  return [
    ...writes,
    uncountedMovement(shipment, line, { uncounted, onHandAfter: onHand + uncounted, stockVersion }),
  ];
}

/** The writes that book shipments whole, from stocks as they are known. */
export function bookingWrites(shipments: readonly Shipment[], stocks: KnownStocks): GuardedWrite[] {
  return shipments.flatMap((shipment) =>
    shipment.lines.flatMap((line) =>
      bookLine(shipment, line, stocks.get(stockId(shipment.locationId, line.sku))),
    ),
  );
}
