/**
 * Something that could not be handed over. It is kept in the table and sent again by the sweep until it was taken:
 * a queue or a bus that is down for long must not hold up the stream behind it, and must not lose anything.
 */

/** Where it was to go. */
export type Channel = 'events' | 'orders' | 'log';

export interface Unsent {
  /** The region whose stream it came from, and whose sweep sends it. */
  readonly region: string;
  readonly channel: Channel;
  /** Of the message. */
  readonly id: string;
  /** The message, as JSON. */
  readonly message: string;
  readonly attempts: number;
  readonly createdAtMs: number;
  readonly dueAtMs: number;
}
