import { COUNTED, type Counted, FaultCounts } from '../fault-counts.ts';
import type { SeedReport } from './run-seed.ts';

/** What a run must have seen, on average in each simulated hour. */
const REQUESTS_PER_HOUR = 1_000;
const STORE_CALLS_PER_HOUR = 5_000;
/** Of all holds, so many at least are granted and at most, and so many refused; of those granted, so many confirmed. */
const GRANTED = [0.3, 0.8] as const;
const REFUSED = 0.1;
const CONFIRMED = 0.3;
/** Faults of these kinds happen in every few hours: a run without them shows nothing. */
const FAULTS_PER_HOUR: Readonly<Partial<Record<Counted, number>>> = {
  partitions: 0.5,
  regionLosses: 0.2,
  lostReplies: 1,
  crashesAfterCommit: 1,
  redeliveredRecords: 10,
  drains: 0.5,
  duplicatedCommits: 1,
  outages: 0.2,
  refusedMessages: 10,
  takenMessages: 500,
  queueBatches: 50,
  redeliveredMessages: 1,
  partlyDoneBatches: 5,
};
const GRANTS_PER_HOUR = 10;
/** Confirmations that are asked for now and judged later. */
const QUEUED_PER_HOUR = 5;
/** Fewer hours than this are too few to speak of averages. */
const HOURS_MIN = 20;

export interface Totals {
  readonly seeds: number;
  readonly hours: number;
  readonly requests: number;
  readonly grants: number;
  readonly holds: number;
  readonly granted: number;
  readonly refused: number;
  readonly confirmed: number;
  readonly queued: number;
  readonly counts: Readonly<Record<Counted, number>>;
}

/** The sums of all seeds. */
export function totalOf(reports: readonly SeedReport[]): Totals {
  const counts = new FaultCounts();
  const sum = (numberOf: (report: SeedReport) => number) =>
    reports.reduce((total, report) => total + numberOf(report), 0);
  for (const report of reports) counts.addAll(report.counts);
  return {
    seeds: reports.length,
    hours: sum(({ hours }) => hours),
    requests: sum(({ requests }) => requests),
    grants: sum(({ grants }) => grants),
    holds: sum(({ mix }) => mix.holds),
    granted: sum(({ mix }) => mix.granted),
    refused: sum(({ mix }) => mix.refused),
    confirmed: sum(({ mix }) => mix.confirmed),
    queued: sum(({ mix }) => mix.queued),
    counts: counts.all(),
  };
}

/** What a run has seen too little of: it would prove nothing. A short run is not judged by averages. */
export function floorFaults(totals: Totals): string[] {
  const { hours, requests, grants, holds, granted, refused, confirmed, queued, counts } = totals;
  if (holds === 0 || counts.storeCalls === 0) return ['nothing happened'];
  if (hours < HOURS_MIN) return [];
  const atLeast = (what: string, count: number, perHour: number) =>
    count >= perHour * hours
      ? []
      : [`${what}: ${(count / hours).toFixed(1)} an hour, at least ${perHour} are meant`];
  const share = (what: string, part: number, [least, most]: readonly [number, number]) =>
    part >= least && part <= most ? [] : [`${what}: ${part.toFixed(2)}, ${least} to ${most} are meant`];
  const answered = granted + refused;
  return [
    ...atLeast('requests', requests, REQUESTS_PER_HOUR),
    ...atLeast('store calls', counts.storeCalls, STORE_CALLS_PER_HOUR),
    ...atLeast('grants', grants, GRANTS_PER_HOUR),
    ...atLeast('queued confirmations', queued, QUEUED_PER_HOUR),
    ...COUNTED.flatMap((name) => atLeast(name, counts[name], FAULTS_PER_HOUR[name] ?? 0)),
    ...share('granted', granted / answered, GRANTED),
    ...share('refused', refused / answered, [REFUSED, 1]),
    ...share('confirmed of the granted', confirmed / granted, [CONFIRMED, 1]),
  ];
}
