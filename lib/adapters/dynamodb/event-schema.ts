/** The schema of an event as it is stored until somebody has taken it. */
import * as z from 'zod';
import type { DomainEvent, EventData, EventType } from '../../domain/event.ts';
import { RECORD_SCHEMAS } from './record-schemas.ts';
import { count, id, loose, time, version } from './schema-parts.ts';

const level = loose<EventData['stock.low']>()({ sku: id, available: count, safetyStock: count });
const booked = loose<EventData['stock.received']>()({ movement: RECORD_SCHEMAS.movement });
const changed = loose<EventData['reservation.held']>()({
  reservation: RECORD_SCHEMAS.reservation,
  version,
  givenBack: z.array(z.tuple([count, count, count])),
});
const discrepancy = loose<EventData['stock.drift']['discrepancies'][number]>()({
  locationId: z.string(),
  rule: id as z.ZodType<EventData['stock.drift']['discrepancies'][number]['rule']>,
  figure: z.string(),
  found: z.int(),
  expected: z.int(),
  sentence: z.string(),
});
const order = { orderId: id, reservationId: id };

/** What each type carries. */
const DATA: { readonly [Type in EventType]: z.ZodType<EventData[Type]> } = {
  'stock.received': booked,
  'stock.adjusted': booked,
  'stock.low': level,
  'stock.out': level,
  'stock.back': level,
  'stock.short': loose<EventData['stock.short']>()({ sku: id, locationId: id, shortage: count }),
  'stock.drift': loose<EventData['stock.drift']>()({
    sku: id,
    violations: z.array(z.string()),
    discrepancies: z.array(discrepancy),
  }),
  'reservation.held': changed,
  'reservation.confirmed': changed,
  'reservation.released': changed,
  'reservation.extended': changed,
  'reservation.expired': changed,
  'reservation.cancelled': changed,
  'order.accepted': loose<EventData['order.accepted']>()(order),
  'order.failed': loose<EventData['order.failed']>()({ ...order, code: id, detail: z.string() }),
  'order.duplicate': loose<EventData['order.duplicate']>()({ ...order, duplicateOf: id }),
  'shipment.created': loose<EventData['shipment.created']>()({ shipment: RECORD_SCHEMAS.shipment }),
  'region.drained': loose<EventData['region.drained']>()({ region: id }),
};

const isEventType = (type: string): type is EventType => Object.hasOwn(DATA, type);

/** An event, with what its type carries. */
export const domainEvent = z
  .looseObject({
    type: z.string().refine(isEventType),
    id,
    tenantId: id,
    region: id,
    occurredAtMs: time,
    requestId: id.exactOptional(),
    subject: id,
    sequence: count,
    data: z.unknown(),
  })
  .superRefine(({ type, data }, context) => {
    const parsed = isEventType(type) ? DATA[type].safeParse(data) : undefined;
    for (const { path, message } of parsed?.error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: ['data', ...path], message });
    }
  }) as unknown as z.ZodType<DomainEvent>;
