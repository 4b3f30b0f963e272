/** Names of metrics that functions write, and that alarms and dashboards show: both sides must mean the same. */

/** The one namespace of the service's metrics. */
export const METRICS_NAMESPACE = 'Holdfast';

/** Of every function that answers HTTP requests. */
export const HTTP_METRICS = {
  requests: 'Requests',
  /** From the first line of the function to its answer, in milliseconds. */
  latency: 'Latency',
  /** Answers of 400 to 499. */
  rejections: 'Rejections',
  /** Answers of 500 and above. */
  faults: 'Faults',
} as const;

/** Of every function that counts requests of tenants; written when it happens, as a metric is billed from its first value. */
export const RATE_METRICS = {
  /** Requests that were served although the rate of their tenant could not be checked. */
  unchecked: 'RateUnchecked',
} as const;

/** What the function `reserve` counts besides: nobody else knows of what was never written. */
export const HOLD_METRICS = {
  /** Refused because too few units were there. */
  refused: 'HoldsRefused',
  /** Answered `contended`: others were at the same units. */
  contended: 'HoldsContended',
} as const;

/** Of the function `complete`, which sees everything that was written. */
export const CHANGE_METRICS = {
  changes: 'Changes',
  failed: 'ChangesFailed',
  /** Changes that were set aside, because they cannot be read or fail for a reason that does not pass. */
  parked: 'ChangesParked',
  eventsSent: 'EventsSent',
  /** Messages that a queue, the bus or the log did not take, and that were kept to be sent again. */
  kept: 'MessagesKept',
  oldestAge: 'OldestChangeAge',
  newestAge: 'NewestChangeAge',
  /** Holds that were placed, without those of the canary; and the units in them. */
  holdsGranted: 'HoldsGranted',
  unitsHeld: 'UnitsHeld',
  /** Holds that were confirmed, and the units that were. */
  holdsConfirmed: 'HoldsConfirmed',
  unitsConfirmed: 'UnitsConfirmed',
  /** How unevenly the regions share the units of what is being sold: 0 alike, 100 all in one region. */
  quotaSpread: 'QuotaSpread',
} as const;

/** Of the sweep. */
export const SWEEP_METRICS = {
  holdsExpired: 'HoldsExpired',
  sentLater: 'MessagesSentLater',
  /** Kept messages that were not taken at another attempt either. */
  stuck: 'MessagesStuck',
  /** How long after its expiry a hold gave its units back, in milliseconds. */
  expiryLag: 'ExpiryLag',
} as const;

/** Of the audit. */
export const AUDIT_METRICS = {
  audited: 'SkusAudited',
  /** Skus whose units are not all accounted for. */
  drift: 'StockDrift',
  skipped: 'AuditsSkipped',
} as const;

/** Of every function that a queue feeds. */
export const QUEUE_METRICS = {
  messages: 'Messages',
  failures: 'MessageFailures',
  oldestAge: 'OldestMessageAge',
} as const;

/** Of the canary. */
export const CANARY_METRICS = {
  /** 1 of a run that succeeded, 0 of one that failed: there is one a minute, so silence means that none ran. */
  succeeded: 'CanarySucceeded',
  /** Of a hold and its release together, from outside, in milliseconds. */
  latency: 'CanaryLatency',
} as const;

type ValueOf<Of> = Of[keyof Of];

/** Any of them: the function that writes it is its only dimension. */
export type MetricName =
  | ValueOf<typeof HTTP_METRICS>
  | ValueOf<typeof RATE_METRICS>
  | ValueOf<typeof HOLD_METRICS>
  | ValueOf<typeof CHANGE_METRICS>
  | ValueOf<typeof SWEEP_METRICS>
  | ValueOf<typeof AUDIT_METRICS>
  | ValueOf<typeof QUEUE_METRICS>
  | ValueOf<typeof CANARY_METRICS>;
