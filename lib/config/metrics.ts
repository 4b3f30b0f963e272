/** Names of metrics that functions write and alarms watch: both sides must mean the same. */

/** The one namespace of the service's metrics. */
export const METRICS_NAMESPACE = 'Holdfast';

/** What the stream's function and the audit count, each with its function as the only dimension. */
export const ALARMING_METRICS = {
  /** Changes that were set aside, because they cannot be read or fail for a reason that does not pass. */
  recordsParked: 'RecordsParked',
  /** Messages that a queue, the bus or the log did not take, and that were stored to be sent again. */
  unsentStored: 'UnsentStored',
  /** Skus whose units are not all accounted for. */
  stockDrift: 'StockDrift',
} as const;
