import * as z from 'zod';
import { type OperationContract, RESPOND_ASYNC } from './operation-contract.ts';
import { lines, reservation, reservationParams } from './reservation.ts';
import { orderId, stringMap } from './text.ts';

const confirmBody = z
  .strictObject({
    orderId: orderId.optional().meta({ description: 'Without one, the order is called as the reservation.' }),
    lines: lines
      .optional()
      .meta({ description: 'Confirm only these units; what they leave out is released.' }),
    metadata: stringMap.optional().meta({ description: 'Replaces the labels of the reservation.' }),
  })
  .meta({ id: 'ConfirmInput', description: 'Which order a hold becomes.' });

export const confirmReservationContract = {
  operationId: 'confirmReservation',
  summary: 'Turn a hold into an order',
  description:
    'Confirming again with the same order id is answered as it is; with another: `reservation_not_held`. With `Prefer: respond-async` the answer is 202: the confirmation is queued, and judged when it is processed. Its outcome shows in the reservation and the order.',
  tag: 'Reservations',
  caller: 'tenant',
  idempotent: true,
  params: reservationParams,
  body: confirmBody,
  answers: { 200: reservation, 202: reservation },
  problems: [
    'not_found',
    'reservation_expired',
    'reservation_not_held',
    'quantity_exceeds_reservation',
    'history_limit',
    'contended',
  ],
  preferences: [RESPOND_ASYNC],
} as const satisfies OperationContract;
