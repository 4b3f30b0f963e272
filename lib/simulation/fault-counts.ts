/** What the simulator counts of a run: a run in which nothing happened proves nothing. */
export const COUNTED = [
  'storeCalls',
  'commits',
  'lostRequests',
  'lostReplies',
  'throttledCalls',
  'delayedCalls',
  'duplicatedCommits',
  'repeatedCommits',
  'crashesBeforeEffect',
  'crashesAfterCommit',
  'crashes',
  'unreachableCalls',
  'partitions',
  'oneWayPartitions',
  'regionLosses',
  'regionReturns',
  'drains',
  'activations',
  'replicationPauses',
  'slowReplications',
  'clockJumps',
  'replicated',
  'replicationMerges',
  'lateReplications',
  'streamRecords',
  'streamBatches',
  'redeliveredRecords',
  'failedBatches',
  'partlyDoneBatches',
  'lateBatches',
  'trimmedRecords',
  'outages',
  'refusedMessages',
  'takenMessages',
  'queueBatches',
  'redeliveredMessages',
  'deadLetters',
  'redrivenMessages',
] as const;

export type Counted = (typeof COUNTED)[number];

export class FaultCounts {
  readonly #counts = new Map<Counted, number>();

  add(name: Counted, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  of(name: Counted): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Adds the counts of another run. */
  addAll(other: Readonly<Partial<Record<Counted, number>>>): void {
    for (const name of COUNTED) this.add(name, other[name] ?? 0);
  }

  /** All counts, in the order of their names above. */
  all(): Readonly<Record<Counted, number>> {
    return Object.fromEntries(COUNTED.map((name) => [name, this.of(name)])) as Record<Counted, number>;
  }
}
