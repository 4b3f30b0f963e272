import * as z from 'zod';
import { locationId, region, reservationId, shipmentId, sku } from '../identifiers.ts';
import { units } from '../numbers.ts';
import { carrier, trackingId } from '../reservation.ts';
import { orderId } from '../text.ts';
import { timestamp } from '../times.ts';
import type { EventContract } from './event-contract.ts';

const OF_ORDER = {
  subject: 'The order id.',
  sequence: 'When it was decided, in milliseconds; of a duplicate, one more than the later decision.',
  isSent: true,
} as const;

const order = { orderId, reservationId };

/** What happens to orders, and to what they ship. */
export const ORDER_EVENTS = {
  'order.accepted': {
    summary: 'A confirmed reservation was recorded as an order.',
    ...OF_ORDER,
    data: z.strictObject(order).meta({ id: 'OrderData', description: 'The order and its reservation.' }),
  },
  'order.failed': {
    summary: 'A confirmation that was queued could not be made.',
    ...OF_ORDER,
    data: z
      .strictObject({
        ...order,
        code: z.string().min(1).meta({
          description: 'The code that the API would have refused it with.',
          example: 'reservation_expired',
        }),
        detail: z.string().meta({
          description: 'Why, for people.',
          example: 'The hold has expired and its units are given back.',
        }),
      })
      .meta({ id: 'OrderFailedData', description: 'The order that failed, and why.' }),
  },
  'order.duplicate': {
    summary:
      'Two reservations are confirmed for one order id, or under one idempotency key. Nothing is undone: somebody should look.',
    ...OF_ORDER,
    data: z
      .strictObject({
        ...order,
        duplicateOf: reservationId.meta({ description: 'The reservation that was confirmed first.' }),
      })
      .meta({ id: 'OrderDuplicateData', description: 'The later of the two reservations, and the first.' }),
  },
  'shipment.created': {
    summary: 'Units left one location.',
    subject: 'The id of the shipment.',
    sequence: 'Always 1.',
    isSent: true,
    data: z
      .strictObject({
        shipmentId,
        reservationId,
        locationId,
        lines: z.array(z.strictObject({ sku, quantity: units })),
        carrier: carrier.nullable(),
        trackingId: trackingId.nullable(),
        shippedAt: timestamp,
      })
      .meta({ id: 'ShipmentData', description: 'What left, and with whom.' }),
  },
  'region.drained': {
    summary: 'A region that is taken out of service has nothing left. For operators.',
    subject: 'The region.',
    sequence: 'When it was found empty, in milliseconds.',
    isSent: true,
    data: z.strictObject({ region }).meta({ id: 'RegionData', description: 'The region.' }),
  },
} as const satisfies Record<string, EventContract>;
