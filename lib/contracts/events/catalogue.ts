import type { EventContract } from './event-contract.ts';
import { LATER_EVENTS } from './later-events.ts';
import { ORDER_EVENTS } from './order-events.ts';
import { RESERVATION_EVENTS } from './reservation-events.ts';
import { STOCK_EVENTS } from './stock-events.ts';

/** Every type of event that the service sends, or will: AsyncAPI and the schema registry are made from it. */
export const EVENTS = {
  ...STOCK_EVENTS,
  ...RESERVATION_EVENTS,
  ...ORDER_EVENTS,
  ...LATER_EVENTS,
} as const satisfies Record<string, EventContract>;

export type EventName = keyof typeof EVENTS;

/** All types, in the order of the catalogue. */
export const EVENT_NAMES = Object.keys(EVENTS) as EventName[];
