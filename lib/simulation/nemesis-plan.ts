import { CALL_FAULTS, type CallFault, type CallFaultRates, NO_CALL_FAULTS } from './call-faults.ts';
import type { SeededRandom } from './random.ts';
import type { ReplicationRates } from './replication-link.ts';
import type { SpineRates } from './spine/spine-rates.ts';
import type { StreamRates } from './stream-records.ts';

/** How much goes wrong in a run. */
export type Mood = 'calm' | 'usual' | 'wild';

/** The mean time between two episodes of a kind; 0: never. */
export interface EpisodeMeans {
  readonly partition: number;
  readonly replicationPause: number;
  readonly slowReplication: number;
  readonly regionLoss: number;
  readonly crash: number;
  readonly clockJump: number;
  /** The queues, the bus and the log of a region take nothing. */
  readonly outage: number;
}

/** Everything that a seed decides about what goes wrong. */
export interface NemesisPlan {
  readonly mood: Mood;
  readonly calls: CallFaultRates;
  readonly replication: Readonly<ReplicationRates>;
  readonly streams: Readonly<StreamRates>;
  readonly spine: Readonly<SpineRates>;
  readonly meansMs: EpisodeMeans;
  /** The most a clock differs from true time, either way. */
  readonly skewMaxMs: number;
}

const MINUTE_MS = 60_000;

/** How likely each kind of fault is in a run at all: a run without one kind shows what another one hides. */
const PRESENT: Readonly<Record<Mood, number>> = { calm: 0.25, usual: 0.7, wild: 0.95 };
/** How much more often a fault happens than it usually does. */
const STRENGTH: Readonly<Record<Mood, number>> = { calm: 0.2, usual: 1, wild: 4 };
/** The moods of ten seeds. */
const MOODS: readonly Mood[] = [
  ...(['calm', 'calm', 'usual', 'usual', 'usual', 'usual', 'usual'] as const),
  ...(['wild', 'wild', 'wild'] as const),
];

/** Usual probabilities for one call. */
const CALL_RATES: CallFaultRates = {
  lostRequest: 0.003,
  lostReply: 0.004,
  throttled: 0.003,
  delayed: 0.005,
  duplicated: 0.004,
  repeated: 0.004,
  crashBefore: 0.001,
  crashAfter: 0.002,
};
const REPLICATION_RATES: Readonly<ReplicationRates> = { merge: 0.5, late: 0.005 };
const STREAM_RATES: Readonly<StreamRates> = { again: 0.05, rewind: 0.02, late: 0.01 };
const SPINE_RATES: Readonly<SpineRates> = { partial: 0.01, again: 0.05, late: 0.02 };
/** Usual times between episodes. */
const MEANS_MS: EpisodeMeans = {
  partition: 15 * MINUTE_MS,
  replicationPause: 20 * MINUTE_MS,
  slowReplication: 20 * MINUTE_MS,
  regionLoss: 30 * MINUTE_MS,
  crash: 3 * MINUTE_MS,
  clockJump: 5 * MINUTE_MS,
  outage: 60 * MINUTE_MS,
};
/** Machines that are told the time differ by this much; those that are not, by seconds. */
const SKEWS_MS: Readonly<Record<Mood, number>> = { calm: 20, usual: 500, wild: 5_000 };

/** The least and the most a strength is multiplied by, so that no two seeds are alike. */
const VARIETY = [0.3, 3] as const;
/** No probability rises above this, or nothing would ever succeed. */
const RATE_MAX = 0.6;

/** Draws what goes wrong in a run: each kind of fault is in it or not, and if it is, more or less often. */
export function drawPlan(random: SeededRandom): NemesisPlan {
  const mood = random.pick(MOODS);
  /** 0 when that kind of fault is left out. */
  const strength = () => (random.chance(PRESENT[mood]) ? STRENGTH[mood] * random.between(...VARIETY) : 0);
  const rate = (usual: number) => Math.min(RATE_MAX, usual * strength());
  const mean = (usualMs: number) => {
    const strong = strength();
    return strong === 0 ? 0 : usualMs / strong;
  };
  const calls: Record<CallFault, number> = { ...NO_CALL_FAULTS };
  for (const fault of CALL_FAULTS) calls[fault] = rate(CALL_RATES[fault]);
  return {
    mood,
    calls,
    replication: { merge: rate(REPLICATION_RATES.merge), late: rate(REPLICATION_RATES.late) },
    streams: {
      again: rate(STREAM_RATES.again),
      rewind: rate(STREAM_RATES.rewind),
      late: rate(STREAM_RATES.late),
    },
    spine: {
      partial: rate(SPINE_RATES.partial),
      again: rate(SPINE_RATES.again),
      late: rate(SPINE_RATES.late),
    },
    meansMs: {
      partition: mean(MEANS_MS.partition),
      replicationPause: mean(MEANS_MS.replicationPause),
      slowReplication: mean(MEANS_MS.slowReplication),
      regionLoss: mean(MEANS_MS.regionLoss),
      crash: mean(MEANS_MS.crash),
      clockJump: mean(MEANS_MS.clockJump),
      outage: mean(MEANS_MS.outage),
    },
    skewMaxMs: SKEWS_MS[mood],
  };
}

/** Partitions, losses of a region, pauses and outages last from half a minute to twenty. */
const EPISODE_MS = [30_000, 20 * MINUTE_MS] as const;

/** How long an episode lasts: short ones are as likely as long ones, on a scale of factors. */
export function drawEpisodeMs(random: SeededRandom): number {
  const [shortestMs, longestMs] = EPISODE_MS;
  return shortestMs * (longestMs / shortestMs) ** random.fraction();
}

/** Kinds of faults, as a plan names them. */
export const FAULT_KINDS = [
  ...CALL_FAULTS,
  'merge',
  'lateReplication',
  'again',
  'rewind',
  'lateStream',
  'partition',
  'replicationPause',
  'slowReplication',
  'regionLoss',
  'crash',
  'clockJump',
  'outage',
  'partial',
  'doubledMessage',
  'lateMessage',
  'skew',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** A plan without some kinds of faults. */
export function without(plan: NemesisPlan, kinds: readonly FaultKind[]): NemesisPlan {
  const left = new Set<string>(kinds);
  const keep = (kind: FaultKind, value: number) => (left.has(kind) ? 0 : value);
  const { calls, replication, streams, spine, meansMs } = plan;
  const kept = <Rates extends object>(rates: Rates): Rates =>
    Object.fromEntries(
      Object.entries(rates).map(([name, value]) => [name, keep(name as FaultKind, value as number)]),
    ) as Rates;
  return {
    ...plan,
    calls: kept(calls),
    replication: { merge: keep('merge', replication.merge), late: keep('lateReplication', replication.late) },
    streams: {
      again: keep('again', streams.again),
      rewind: keep('rewind', streams.rewind),
      late: keep('lateStream', streams.late),
    },
    spine: {
      partial: keep('partial', spine.partial),
      again: keep('doubledMessage', spine.again),
      late: keep('lateMessage', spine.late),
    },
    meansMs: kept(meansMs),
    skewMaxMs: keep('skew', plan.skewMaxMs),
  };
}
