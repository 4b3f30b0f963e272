/** What an operation sets going, and how long our functions are busy with it. */
import type { FunctionName } from '../config/functions.ts';
import type { OperationName } from './units.ts';

/** Operations that somebody sends; holds expire by themselves. */
export type RequestedName = Exclude<OperationName, 'expire'>;

/** Who answers what. */
export const ANSWERS: Record<RequestedName, FunctionName> = {
  hold: 'reserve',
  confirm: 'confirm',
  ship: 'reservations',
  release: 'reservations',
  receipt: 'movements',
  read: 'stock',
};

/**
 * How long a warm request takes, in seconds. Assumed: a call of DynamoDB takes 2 to 5 ms, a transaction twice that, and
 * our own code less than a millisecond of a third of a core.
 */
export const ANSWER_SECONDS: Record<RequestedName, number> = {
  hold: 0.02,
  confirm: 0.012,
  ship: 0.03,
  release: 0.02,
  receipt: 0.025,
  read: 0.008,
};
export const AUTHORIZER_SECONDS = 0.006;

/** Changes that the stream shows for one operation, in each region; index entries are none. */
export const CHANGES: Record<OperationName, number> = {
  hold: 2,
  confirm: 2,
  ship: 5,
  release: 2,
  expire: 2,
  receipt: 3,
  read: 0,
};
export const SECONDS_PER_CHANGE = 0.003;

/** Of a queue: most of it is a call of the database, or of a receiver of webhooks for a part of a batch. */
export const SECONDS_PER_MESSAGE = 0.01;

/** Events that an operation puts on the bus. */
export const EVENTS: Record<OperationName, number> = {
  hold: 1,
  confirm: 2,
  ship: 1,
  release: 1,
  expire: 1,
  receipt: 1,
  read: 0,
};
export const KB_PER_EVENT = 1.2;

/** Entries of the analytics log. */
export const ENTRIES: Record<OperationName, number> = {
  hold: 1,
  confirm: 1,
  ship: 2,
  release: 1,
  expire: 1,
  receipt: 1,
  read: 0,
};
export const KB_PER_ENTRY = 1;

/** An answer with its headers. */
export const BYTES_PER_ANSWER = 1_500;

/** Of so many operations of each kind, how much of something there is. */
export const totalOf = (
  operations: Record<OperationName, number>,
  each: Record<OperationName, number>,
): number =>
  (Object.keys(each) as OperationName[]).reduce((sum, name) => sum + operations[name] * each[name], 0);
