import * as z from 'zod';
import { reservationId, sku } from './identifiers.ts';
import { pageOf, pageQuery } from './lists.ts';
import type { OperationContract } from './operation-contract.ts';
import {
  carrier,
  lines,
  reservation,
  reservationLine,
  reservationParams,
  reservationStatus,
  trackingId,
  ttlSeconds,
} from './reservation.ts';
import { orderId, reference } from './text.ts';
import { timestamp } from './times.ts';

export const getReservationContract = {
  operationId: 'getReservation',
  summary: 'Read a reservation',
  description:
    'A hold past `expiresAt` shows `expired` at once. While the region that keeps it is out of reach, the answer is what this region has heard of it, with `asOf`.',
  tag: 'Reservations',
  caller: 'tenant',
  params: reservationParams,
  answers: { 200: reservation },
  problems: ['not_found'],
} as const satisfies OperationContract;

export const listReservationsContract = {
  operationId: 'listReservations',
  summary: 'List reservations, newest first',
  tag: 'Reservations',
  caller: 'tenant',
  query: z.strictObject({
    status: reservationStatus.optional().meta({ description: 'Only reservations in this state.' }),
    reference: reference.optional().meta({ description: 'Only reservations with this reference.' }),
    sku: sku.optional().meta({ description: 'Only reservations with a line of this product.' }),
    ...pageQuery,
  }),
  answers: { 200: pageOf('ReservationPage', reservation) },
  problems: ['invalid_cursor'],
} as const satisfies OperationContract;

export const releaseReservationContract = {
  operationId: 'releaseReservation',
  summary: 'Give units of a hold back',
  description: 'With lines, what is left stays held; when nothing is left, the reservation is `released`.',
  tag: 'Reservations',
  caller: 'tenant',
  idempotent: true,
  params: reservationParams,
  body: z
    .strictObject({ lines: lines.optional().meta({ description: 'Release only these units.' }) })
    .meta({ id: 'ReleaseInput', description: 'What to give back; nothing named: all of it.' }),
  answers: { 200: reservation },
  problems: [
    'not_found',
    'reservation_expired',
    'reservation_not_held',
    'quantity_exceeds_reservation',
    'history_limit',
    'contended',
  ],
} as const satisfies OperationContract;

export const extendReservationContract = {
  operationId: 'extendReservation',
  summary: 'Let a hold live longer',
  description: 'Counted from now; at most 10 times, and never beyond 24 hours after the hold was placed.',
  tag: 'Reservations',
  caller: 'tenant',
  idempotent: true,
  params: reservationParams,
  body: z
    .strictObject({ ttlSeconds })
    .meta({ id: 'ExtendInput', description: 'How long the hold shall live.' }),
  answers: { 200: reservation },
  problems: [
    'not_found',
    'reservation_expired',
    'reservation_not_held',
    'extension_limit',
    'history_limit',
    'contended',
  ],
} as const satisfies OperationContract;

export const cancelReservationContract = {
  operationId: 'cancelReservation',
  summary: 'Cancel what is not shipped of an order',
  description:
    'What is not shipped is available again. The answer is `shipped` if a part had left, else `cancelled`.',
  tag: 'Reservations',
  caller: 'tenant',
  idempotent: true,
  params: reservationParams,
  body: z
    .strictObject({})
    .meta({ id: 'CancelInput', description: 'Nothing: an order is cancelled as a whole.' }),
  answers: { 200: reservation },
  problems: ['not_found', 'invalid_transition', 'history_limit', 'contended'],
} as const satisfies OperationContract;

export const shipReservationContract = {
  operationId: 'shipReservation',
  summary: 'Record that units of an order have left',
  description: 'A shipment is a fact. Without lines: all that is left.',
  tag: 'Reservations',
  caller: 'tenant',
  idempotent: true,
  params: reservationParams,
  body: z
    .strictObject({
      lines: lines.optional().meta({ description: 'Only these units have left.' }),
      carrier: carrier.optional(),
      trackingId: trackingId.optional(),
    })
    .meta({ id: 'ShipInput', description: 'What has left, and with whom.' }),
  answers: { 200: reservation },
  problems: ['not_found', 'invalid_transition', 'quantity_exceeds_reservation', 'history_limit', 'contended'],
} as const satisfies OperationContract;

/** In the order in which they can happen. */
const ORDER_EVENTS = ['queued', 'confirmed', 'failed', 'accepted', 'shipped', 'cancelled'] as const;

const order = z
  .strictObject({
    orderId,
    reservationId,
    status: z.enum(['processing', 'accepted', 'failed']).meta({ example: 'accepted' }),
    lines: z.array(reservationLine),
    timeline: z.array(
      z.strictObject({
        at: timestamp,
        event: z.enum(ORDER_EVENTS).meta({ description: 'What happened.', example: 'confirmed' }),
      }),
    ),
    failure: z
      .strictObject({
        code: z
          .string()
          .meta({ description: 'The code of a refused confirmation.', example: 'reservation_expired' }),
        detail: z.string(),
      })
      .optional()
      .meta({ description: 'Present when it failed: why.' }),
    duplicates: z.array(reservationId).meta({
      description: 'Other reservations confirmed under the same order id.',
      example: [],
    }),
  })
  .meta({ id: 'Order', description: 'What became of a confirmation.' });

export const getOrderContract = {
  operationId: 'getOrder',
  summary: 'Read an order',
  description:
    '`processing` until the order queue has accepted it; a queued confirmation may still fail. Of an order that failed, and of one that is queued, the lines are those that were asked for.',
  tag: 'Reservations',
  caller: 'tenant',
  params: z.strictObject({ orderId }),
  answers: { 200: order },
  problems: ['not_found'],
} as const satisfies OperationContract;
