/**
 * The queues of a region, as both sides know them: constructs create them by these settings, handlers and the tool
 * for dead letters go by their names. Each has a dead-letter queue of the same name with `-dlq` behind it.
 */
export interface QueueSettings {
  /** What its worker gets at once. */
  readonly batchSize: number;
  /** How long a batch is gathered. */
  readonly batchingWindowSeconds: number;
  /** Workers side by side; at least two. */
  readonly maxConcurrency: number;
  /** How long its worker may run. */
  readonly workerTimeoutSeconds: number;
}

/** A message that was received so often without success goes to the dead-letter queue. AWS advises five at least. */
export const MAX_RECEIVES = 5;

/** How long a queue keeps messages: the most that SQS allows, so that a long weekend loses nothing. */
export const QUEUE_RETENTION_DAYS = 14;

export const QUEUES = {
  /** Confirmations to be recorded as orders, and queued confirmations to be judged. */
  orders: { batchSize: 10, batchingWindowSeconds: 0, maxConcurrency: 20, workerTimeoutSeconds: 30 },
  /** Events of the bus, to be fanned out to the tenants' webhooks. */
  notices: { batchSize: 10, batchingWindowSeconds: 0, maxConcurrency: 10, workerTimeoutSeconds: 30 },
  /** Deliveries of webhooks to be attempted. */
  deliveries: { batchSize: 10, batchingWindowSeconds: 0, maxConcurrency: 20, workerTimeoutSeconds: 60 },
  /** Changes of the table that were parked, and are to be completed again. */
  changes: { batchSize: 10, batchingWindowSeconds: 0, maxConcurrency: 2, workerTimeoutSeconds: 60 },
} as const satisfies Record<string, QueueSettings>;

export type QueueName = keyof typeof QUEUES;

/**
 * Dead-letter queues: one for each queue, and `targets`, for what EventBridge could not put on the queue of a rule.
 * The latter belongs to no queue, so SQS cannot move its messages back by itself.
 */
export type DeadLetterName = QueueName | 'targets';

/** Physical name of a queue: the same in every region of a stage. */
export const queueName = (stage: string, name: QueueName): string => `holdfast-${stage}-${name}`;
export const deadLetterQueueName = (stage: string, name: DeadLetterName): string =>
  `holdfast-${stage}-${name}-dlq`;

/** The attribute of a parked message that says why it was given up. */
export const REASON_ATTRIBUTE = 'reason';
