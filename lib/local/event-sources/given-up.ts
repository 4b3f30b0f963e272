import { randomUUID } from 'node:crypto';
import type { Outcome } from '../environments/environment.ts';
import type { EventSourceDefinition } from '../template/event-sources.ts';
import type { SourceRecord } from './stream-event.ts';

/** Records of one shard that an event source tries no more. */
export interface GivenUp {
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  /** In order, one at least. */
  readonly records: readonly SourceRecord[];
  /** How often the function was invoked with the first of them, at least. */
  readonly attempts: number;
  /** How the last of these invocations ended; `undefined`: there was none. */
  readonly outcome: Outcome | undefined;
}

const wholeSecond = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

function responseContext(outcome: Outcome): object {
  const answer = { statusCode: 200, executedVersion: '$LATEST' };
  return outcome.kind === 'result' ? answer : { ...answer, functionError: 'Unhandled' };
}

/** What Lambda sends to the destination of failed batches: which records they were, not what is in them. */
export function failureMessage(
  { condition, records, attempts, outcome }: GivenUp,
  { function: target, streamArn }: EventSourceDefinition,
  nowMs: number,
): object {
  const [first] = records;
  const last = records.at(-1);
  return {
    // Which invocation it was is told by no outcome, and nobody can look it up here.
    requestContext: {
      requestId: randomUUID(),
      functionArn: target.arn,
      condition,
      approximateInvokeCount: attempts,
    },
    ...(outcome && { responseContext: responseContext(outcome) }),
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    DDBStreamBatchInfo: {
      shardId: first?.lane,
      startSequenceNumber: first?.wire.dynamodb.SequenceNumber,
      endSequenceNumber: last?.wire.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: wholeSecond(first?.createdAtMs ?? nowMs),
      approximateArrivalOfLastRecord: wholeSecond(last?.createdAtMs ?? nowMs),
      batchSize: records.length,
      streamArn,
    },
  };
}
