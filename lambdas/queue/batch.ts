/** The one way in which functions work a queue off: message by message, so that none is held up by another. */
import type { Context, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { beginRun } from '../observability/current-run.ts';
import { LOG_MESSAGES, type LogMessage } from '../observability/log-messages.ts';
import type { LogFields, Logger } from '../observability/logger.ts';
import type { QueueMetrics } from '../observability/metrics.ts';

/** Messages of a batch at once: enough to hide the waiting for the database, few enough for its connections. */
const SIDE_BY_SIDE = 5;

/** How long a message that failed stays hidden at first, and at most: each time twice as long. */
const HIDDEN_FIRST_SECONDS = 1;
const HIDDEN_MAX_SECONDS = 60;

/** Kept free at the end of a run: what was begun before must end within it. */
const RESERVE_MS = 10_000;

const count = z.coerce.number().int().min(0);

/** What is read of an event: Lambda says more. */
const sqsEvent = z.object({
  Records: z.array(
    z.object({
      messageId: z.string().min(1),
      receiptHandle: z.string().min(1),
      body: z.string(),
      attributes: z.object({ ApproximateReceiveCount: count, SentTimestamp: count }),
    }),
  ),
});

type Received = z.output<typeof sqsEvent>['Records'][number];

/** What every worker of a queue is given. */
export interface QueueDependencies {
  readonly logger: Logger;
  readonly metrics: QueueMetrics;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  /**
   * Shows a message again after so many seconds instead of after the visibility timeout, which is made for workers
   * that died. Where that fails, the timeout holds.
   */
  readonly hide: (receiptHandle: string, seconds: number) => Promise<void>;
}

export interface QueueWorker<Message> extends QueueDependencies {
  /** Reads a body. @throws an Error that says what is wrong with it: this message fails, and no other. */
  readonly parse: (body: string) => Message;
  /** What an entry says of a message, ids only. @default nothing but the queue's own id */
  readonly fieldsOf?: (message: Message) => LogFields;
  /** Logged of each message that was done. @default nothing: there would be a line for each */
  readonly done?: LogMessage;
  /** Does what a message asks for. It may come twice, late or before another. @throws to have it shown again. */
  readonly run: (message: Message) => Promise<void>;
  /** Messages that are run at once. @default 5 */
  readonly sideBySide?: number;
  /** @default 10,000 */
  readonly reserveMs?: number;
}

/** What a worker is told of its run; only Lambda itself knows an id. */
type RunContext = Pick<Context, 'getRemainingTimeInMillis'> & Partial<Pick<Context, 'awsRequestId'>>;

export type QueueHandler = (event: unknown, context: RunContext) => Promise<SQSBatchResponse>;

type Outcome = 'done' | 'failed' | 'postponed';

/** Trouble that passes is soon tried again; poison is not tried as often as that. */
const hiddenSeconds = (receives: number): number =>
  Math.min(HIDDEN_MAX_SECONDS, HIDDEN_FIRST_SECONDS * 2 ** Math.max(0, receives - 1));

async function runOne<Message>(worker: QueueWorker<Message>, received: Received): Promise<Outcome> {
  let about: LogFields = {};
  try {
    const message = worker.parse(received.body);
    about = worker.fieldsOf?.(message) ?? {};
    await worker.run(message);
    if (worker.done !== undefined) worker.logger.info(worker.done, about);
    return 'done';
  } catch (error) {
    const { messageId, receiptHandle, attributes } = received;
    const fields = { ...about, messageId, receiveCount: attributes.ApproximateReceiveCount };
    worker.logger.error(LOG_MESSAGES.messageFailed, fields, error);
    await worker.hide(receiptHandle, hiddenSeconds(attributes.ApproximateReceiveCount));
    return 'failed';
  }
}

/** Runs all messages, some side by side; after the deadline no more are begun. */
async function runAll<Message>(
  worker: QueueWorker<Message>,
  records: readonly Received[],
  deadlineMs: number,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = records.map(() => 'postponed');
  const waiting = records.entries();
  const work = async () => {
    // All of them take from the same iterator: each message is begun once.
    for (const [index, received] of waiting) {
      // The first one always is, so that a batch cannot starve.
      if (index === 0 || worker.nowMs() < deadlineMs) outcomes[index] = await runOne(worker, received);
    }
  };
  const { sideBySide = SIDE_BY_SIDE } = worker;
  await Promise.all(Array.from({ length: Math.min(sideBySide, records.length) }, work));
  return outcomes;
}

function measure<Message>(
  { metrics, nowMs }: QueueWorker<Message>,
  records: readonly Received[],
  failures: number,
) {
  const sentAtMs = Math.min(...records.map(({ attributes }) => attributes.SentTimestamp));
  // The queue has a clock of its own.
  metrics.record({ messages: records.length, failures, oldestAgeMs: Math.max(0, nowMs() - sentAtMs) });
}

/**
 * The handler of a queue's worker. What fails, and what there was no time for, is answered by its id: the queue shows
 * it again, and lets it go to the dead-letter queue in the end.
 *
 * @throws for an event that is not one of a queue: its event source is wrong.
 */
export function queueHandler<Message>(worker: QueueWorker<Message>): QueueHandler {
  return async (event, context) => {
    beginRun(context);
    const { Records: records } = sqsEvent.parse(event);
    if (records.length === 0) return { batchItemFailures: [] };
    const reserveMs = worker.reserveMs ?? RESERVE_MS;
    const deadlineMs = worker.nowMs() + context.getRemainingTimeInMillis() - reserveMs;
    const outcomes = await runAll(worker, records, deadlineMs);
    const postponed = outcomes.filter((outcome) => outcome === 'postponed').length;
    if (postponed > 0) worker.logger.info(LOG_MESSAGES.messagesPostponed, { count: postponed });
    const again = records.filter((_, index) => outcomes[index] !== 'done');
    measure(worker, records, again.length);
    return { batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}
