/** Names of metrics that functions write and alarms watch: both sides must mean the same. */

/** The one namespace of the service's metrics. */
export const METRICS_NAMESPACE = 'Holdfast';

/** What some functions count and somebody must hear of, with the function as the only dimension. */
export const ALARMING_METRICS = {
  /** Changes that were set aside, because they cannot be read or fail for a reason that does not pass. */
  changesParked: 'ChangesParked',
  /** Messages that a queue, the bus or the log did not take, and that were kept to be sent again. */
  messagesKept: 'MessagesKept',
  /** Kept messages that were not taken at another attempt either. */
  messagesStuck: 'MessagesStuck',
  /** Skus whose units are not all accounted for. */
  stockDrift: 'StockDrift',
} as const;
