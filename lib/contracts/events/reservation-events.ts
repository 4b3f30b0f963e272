import * as z from 'zod';
import { locationId, reservationId, sku } from '../identifiers.ts';
import { units, version } from '../numbers.ts';
import { reservationLine, reservationStatus } from '../reservation.ts';
import { orderId, reference, stringMap } from '../text.ts';
import { timestamp } from '../times.ts';
import type { EventContract } from './event-contract.ts';

const state = {
  reservationId,
  status: reservationStatus,
  version,
  reference: reference.nullable(),
  orderId: orderId.optional(),
  metadata: stringMap,
  expiresAt: timestamp,
  lines: z.array(reservationLine),
};

const changed = z.strictObject(state).meta({
  id: 'ReservationData',
  description: 'The reservation as the change left it.',
});

const ended = z
  .strictObject({
    ...state,
    released: z
      .array(z.strictObject({ sku, locationId, quantity: units }))
      .meta({ description: 'Units that the change gave back.' }),
  })
  .meta({
    id: 'ReservationEndedData',
    description: 'The reservation as the change left it, and the units that it gave back.',
  });

const OF_RESERVATION = {
  subject: 'The id of the reservation.',
  sequence: 'The version of the reservation that the change made.',
  isSent: true,
} as const;

/** What happens to a reservation. */
export const RESERVATION_EVENTS = {
  'reservation.held': { summary: 'A hold was placed.', ...OF_RESERVATION, data: changed },
  'reservation.confirmed': {
    summary: 'A hold was confirmed, whole or in part.',
    ...OF_RESERVATION,
    data: changed,
  },
  'reservation.released': {
    summary: 'Units of a hold were given back; `status` says whether it is held on with the rest.',
    ...OF_RESERVATION,
    data: ended,
  },
  'reservation.extended': { summary: 'A hold lives longer.', ...OF_RESERVATION, data: changed },
  'reservation.expired': {
    summary: 'The units of a hold that was past its expiry were given back.',
    ...OF_RESERVATION,
    data: ended,
  },
  'reservation.cancelled': {
    summary: 'What was not shipped of a confirmed reservation was given back.',
    ...OF_RESERVATION,
    data: ended,
  },
} as const satisfies Record<string, EventContract>;
