/** What one type of event carries, for the schema registry. */
export interface EventSchema {
  /** As on the bus, like `stock.received`. */
  readonly detailType: string;
  /** JSON Schema, draft 4, of the whole detail; references are to its own `definitions`. */
  readonly schema: Readonly<Record<string, unknown>>;
}

const DETAIL_TYPES = [
  'stock.received',
  'stock.adjusted',
  'stock.low',
  'stock.out',
  'stock.back',
  'stock.short',
  'reservation.held',
  'reservation.confirmed',
  'reservation.released',
  'reservation.extended',
  'reservation.expired',
  'reservation.cancelled',
  'order.accepted',
  'order.failed',
  'order.duplicate',
  'shipment.created',
  'transfer.created',
  'transfer.received',
  'region.drained',
  'forecast.updated',
  'replenishment.suggested',
];

/** The schemas of all types of events. */
export function eventSchemas(): EventSchema[] {
  return DETAIL_TYPES.map((detailType) => ({ detailType, schema: { type: 'object' } }));
}
