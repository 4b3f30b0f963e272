import type { Change } from './memory-table.ts';

/** Handles a batch; rejects when it could not, and then gets it again. It must end one way or the other. */
export type StreamConsumer = (batch: readonly Change[]) => Promise<void>;

/** What goes wrong with streams. Changing it takes effect at once. */
export interface StreamRates {
  /** How likely a batch that was handled comes once more. */
  again: number;
  /** How likely records that were handled a while ago come once more. */
  rewind: number;
  /** How likely a batch is far later than usual. */
  late: number;
}
