/**
 * What the service promises, and how fast its error budget may burn before somebody hears of it. `docs/slo.md` says why.
 * It holds figures and arithmetic only.
 */

/** How long a budget lasts. */
const BUDGET_DAYS = 30;

/** A share of requests that must be good, over the days of the budget. */
export interface Objective {
  /** In names of alarms and sections of the runbook. */
  readonly name: 'availability' | 'hold-latency';
  /** The share of requests that must be good. */
  readonly target: number;
}

/** Requests that are not answered with a status of 500 or above. */
export const AVAILABILITY: Objective = { name: 'availability', target: 0.9995 };

/** Holds that the function answers within `HOLD_LATENCY_MS`: so a p99 above it burns the budget at more than its rate. */
export const HOLD_LATENCY: Objective = { name: 'hold-latency', target: 0.99 };
export const HOLD_LATENCY_MS = 100;

/** Two windows, both of which must burn: the long one says that it matters, the short one that it is not over. */
export interface BurnPace {
  readonly name: 'fast' | 'medium' | 'slow';
  /** How many times as fast as the budget allows. */
  readonly rate: number;
  readonly longMinutes: number;
  readonly shortMinutes: number;
}

const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * The windows and rates that "The Site Reliability Workbook" (Google, 2018) recommends in chapter 5, "Alerting on SLOs":
 * they are reached when 2 %, 5 % and 10 % of the budget are gone.
 */
export const BURN_PACES: readonly BurnPace[] = [
  { name: 'fast', rate: 14.4, longMinutes: HOUR, shortMinutes: 5 },
  { name: 'medium', rate: 6, longMinutes: 6 * HOUR, shortMinutes: HOUR / 2 },
  { name: 'slow', rate: 1, longMinutes: 3 * DAY, shortMinutes: 6 * HOUR },
];

/** Fewer bad requests than this in a long window wake nobody: at night one in a hundred is one. */
export const BAD_REQUESTS_MIN = 10;

/** The share of the budget that is gone when a pace has been kept up for its long window. */
export const budgetShare = ({ rate, longMinutes }: BurnPace): number =>
  (rate * longMinutes) / (BUDGET_DAYS * DAY);

/** What may be bad; cut to what the target says, because 1 - 0.9995 is not 0.0005 to a machine. */
export const errorBudget = ({ target }: Objective): number => Number((1 - target).toFixed(6));

/** Figures that the expressions of metric math are made of, by the names they have there. */
interface BurnTerms {
  /** Bad requests of the window. */
  readonly bad: string;
  /** All requests of the window. */
  readonly all: string;
}

/**
 * How many times as fast as it may the budget burns in a window, in the metric math of CloudWatch.
 *
 * @param badMin fewer bad requests than this count as none.
 */
export function burnRate(objective: Objective, { bad, all }: BurnTerms, badMin: number): string {
  const isWorthIt = `${bad} >= ${badMin}`;
  return `IF(${isWorthIt}, ${bad} / (${all} * ${errorBudget(objective)}), 0)`;
}

/** The terms of each objective, of the metrics that `lib/constructs/service-objectives.ts` names alike. */
export const BURN_TERMS: { readonly [Name in Objective['name']]: BurnTerms } = {
  availability: { bad: 'FILL(faults, 0)', all: 'requests' },
  // `within` is a percentage: of the holds that were answered in time.
  'hold-latency': { bad: '(holds * (100 - within) / 100)', all: 'holds' },
};
