import * as z from 'zod';
import { RESERVATION_LINES_MAX, TTL_SECONDS_MAX, TTL_SECONDS_MIN } from '../domain/limits.ts';
import { locationId, region, reservationId, shipmentId, sku } from './identifiers.ts';
import { integer, quantity, units, version } from './numbers.ts';
import { foreignId, orderId, reference, stringMap } from './text.ts';
import { timestamp } from './times.ts';
import { fieldsOf, withWholeCheck } from './whole-check.ts';

/** The states of `docs/state-machine.md`. */
const RESERVATION_STATUSES = [
  'held',
  'confirmed',
  'partially_shipped',
  'shipped',
  'released',
  'expired',
  'cancelled',
] as const;

export const reservationStatus = z.enum(RESERVATION_STATUSES).meta({ example: 'held' });

/** Path parameters of everything that happens to one reservation. */
export const reservationParams = z.strictObject({ reservationId });

export const ttlSeconds = integer(TTL_SECONDS_MIN, TTL_SECONDS_MAX).meta({
  description: 'How long the hold lives, from now.',
  example: 900,
});

export const carrier = foreignId.meta({ description: 'Who carries the shipment.', example: 'DHL' });
export const trackingId = foreignId.meta({
  description: "The carrier's number.",
  example: '00340434161094042557',
});

const line = z
  .strictObject({
    sku,
    quantity,
    locationId: locationId.optional().meta({ description: 'Only from this location.' }),
  })
  .meta({ id: 'LineInput', description: 'Units of a product.' });

/**
 * Lines of a request. The same sku twice with the same location, or twice with none, is refused: whether the
 * two would add up or replace each other is a guess. With and without a location are two lines.
 */
export const lines = withWholeCheck(
  z
    .array(line, { error: 'must be a list of lines' })
    .min(1, { error: 'must have at least one line' })
    .max(RESERVATION_LINES_MAX, { error: `must have at most ${RESERVATION_LINES_MAX} lines` }),
  (value, report) => {
    if (!Array.isArray(value)) return;
    const seen = new Set<string>();
    for (const [index, entry] of value.entries()) {
      const { sku, locationId } = fieldsOf(entry);
      // A line without a sku has failed by itself.
      if (typeof sku !== 'string') continue;
      const identity = JSON.stringify([sku, locationId]);
      if (seen.has(identity)) report([index, 'sku'], 'is named by an earlier line with the same location');
      seen.add(identity);
    }
  },
).meta({ description: 'Each sku at most once per location, and once without.' });

const allocation = z
  .strictObject({
    locationId,
    region: region.meta({ description: 'Home region of the location.' }),
    quantity: units,
  })
  .meta({ id: 'Allocation', description: 'Units of a line at one location.' });

export const reservationLine = z
  .strictObject({
    sku,
    quantity: units.meta({ description: 'Units asked for; once confirmed, units confirmed.', example: 2 }),
    allocated: units.meta({ description: 'Units taken.', example: 2 }),
    backordered: units.meta({ description: 'Units promised before they arrived.', example: 0 }),
    locationId: locationId.optional().meta({ description: 'The location, when the line named one.' }),
    allocations: z.array(allocation),
  })
  .meta({ id: 'ReservationLine', description: 'A line, and where its units are.' });

const shipment = z
  .strictObject({
    shipmentId,
    lines: z.array(z.strictObject({ sku, quantity: units, locationId })),
    carrier: carrier.nullable(),
    trackingId: trackingId.nullable(),
    shippedAt: timestamp,
  })
  .meta({ id: 'Shipment', description: 'What left one location in one call.' });

export const reservation = z
  .strictObject({
    reservationId,
    status: reservationStatus,
    region: region.meta({ description: 'The region that keeps the reservation.' }),
    expiresAt: timestamp.meta({ description: 'From then on a hold can never be confirmed.' }),
    reference: reference.nullable(),
    metadata: stringMap,
    lines: z.array(reservationLine),
    version,
    createdAt: timestamp,
    orderId: orderId.optional(),
    confirmedAt: timestamp.optional(),
    confirmation: z.enum(['queued', 'failed']).optional().meta({
      description:
        'Present once a confirmation was queued, until the reservation is confirmed. `failed`: it was refused; the order says why.',
      example: 'queued',
    }),
    shipments: z.array(shipment).optional(),
    asOf: timestamp.optional().meta({
      description:
        'Present while the region that keeps the reservation is out of reach: when the region that answers was asked for what it has heard of it.',
    }),
  })
  .meta({ id: 'Reservation', description: 'Units promised to one shopper, and what became of them.' });
