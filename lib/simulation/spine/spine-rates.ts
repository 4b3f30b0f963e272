/** What goes wrong behind a commit. Changing it takes effect at once. */
export interface SpineRates {
  /** How likely one message of a batch is not taken, though the others are. */
  partial: number;
  /** How likely a message that was handled comes once more. */
  again: number;
  /** How likely a message comes far later than usual. */
  late: number;
}

export const NO_SPINE_FAULTS: Readonly<SpineRates> = { partial: 0, again: 0, late: 0 };
