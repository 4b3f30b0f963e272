/** Events of later releases: their form is fixed, so that consumers can be written now; nobody sends them yet. */
import * as z from 'zod';
import { locationId, sku } from '../identifiers.ts';
import { quantity, units } from '../numbers.ts';
import { timestamp } from '../times.ts';
import type { EventContract } from './event-contract.ts';

const transferId = z.string().min(1).meta({ description: 'A transfer.', example: 'trf-01HV6Z' });

const transfer = {
  transferId,
  sku,
  from: locationId.meta({ description: 'Where the units come from.' }),
  to: locationId.meta({ description: 'Where they go.' }),
  quantity,
};

const OF_TRANSFER = { subject: 'The id of the transfer.', isSent: false } as const;
const OF_FORECAST = { sequence: 'When it was made, in milliseconds.', isSent: false } as const;

/** Events that no release sends yet. */
export const LATER_EVENTS = {
  'transfer.created': {
    summary: 'Units left a location for another one.',
    ...OF_TRANSFER,
    sequence: '1.',
    data: z.strictObject(transfer).meta({ id: 'TransferData', description: 'What is on its way.' }),
  },
  'transfer.received': {
    summary: 'The units of a transfer were booked in.',
    ...OF_TRANSFER,
    sequence: '2.',
    data: z
      .strictObject({
        ...transfer,
        received: units.meta({ description: 'Units that arrived.', example: 2 }),
        shrinkage: units.meta({ description: 'Units that did not.', example: 0 }),
      })
      .meta({ id: 'TransferReceivedData', description: 'What arrived, and what did not.' }),
  },
  'forecast.updated': {
    summary: 'There is a new forecast of a product.',
    subject: 'The sku.',
    ...OF_FORECAST,
    data: z
      .strictObject({
        sku,
        model: z.string().min(1).meta({ description: 'The model that made it.', example: 'croston' }),
        modelVersion: z.string().min(1).meta({ description: 'Its version.', example: '3' }),
        generatedAt: timestamp,
      })
      .meta({ id: 'ForecastData', description: 'Which forecast there is.' }),
  },
  'replenishment.suggested': {
    summary: 'A location should be given units of a product.',
    subject: 'The sku and the location, as `<sku>/<locationId>`.',
    ...OF_FORECAST,
    data: z
      .strictObject({
        sku,
        locationId,
        reorderPoint: units,
        orderUpTo: units,
        suggestedQuantity: units,
        reason: z.string().meta({ description: 'Why, for people.', example: 'below the reorder point' }),
        serviceLevel: z.number().min(0).max(1).meta({
          description: 'Share of the demand that is to be met.',
          example: 0.95,
        }),
      })
      .meta({ id: 'ReplenishmentData', description: 'What to order.' }),
  },
} as const satisfies Record<string, EventContract>;
