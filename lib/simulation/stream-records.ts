import type { Change } from './memory-table.ts';

/**
 * Handles a batch. It must end one way or the other.
 *
 * @returns how many records from the first on are done: the others come again. Rejects when nobody knows.
 */
export type StreamConsumer = (batch: readonly Change[]) => Promise<number>;

/** What goes wrong with streams. Changing it takes effect at once. */
export interface StreamRates {
  /** How likely a batch that was handled comes once more. */
  again: number;
  /** How likely records that were handled a while ago come once more. */
  rewind: number;
  /** How likely a batch is far later than usual. */
  late: number;
}
