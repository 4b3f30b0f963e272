/** What a failed request means. Pure: nothing is read again, the answer itself says it. */
import {
  type AttributeValue,
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { StoreUnavailableError } from '../../application/ports.ts';
import type { Item } from './items.ts';
import { statusOf } from './lost-replies.ts';

/**
 * `refused`: conditions failed; the items as they were, by the index of their write.
 * `conflict`: others are changing the same items; worth another attempt.
 * `throttled`: too many requests, and the SDK has waited already.
 * `other`: anything else.
 */
export type WriteFailure =
  | { readonly failure: 'refused'; readonly images: ReadonlyMap<number, Item | undefined> }
  | { readonly failure: 'conflict' }
  | { readonly failure: 'throttled' }
  | { readonly failure: 'other' };

const CONFLICTS: ReadonlySet<string> = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
]);
const THROTTLES: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
]);
/** Codes of cancellation reasons that another attempt may not meet. */
const PASSING_REASONS: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

const CONDITION_FAILED = 'ConditionalCheckFailed';
const NO_REASON = 'None';

/** Failures carry items as DynamoDB writes them, whichever client is used. */
const toJavaScript = (item: Record<string, AttributeValue> | undefined): Item | undefined =>
  item === undefined || Object.keys(item).length === 0 ? undefined : unmarshall(item);

function judgeCancellation(reasons: readonly CancellationReason[]): WriteFailure {
  const images = new Map<number, Item | undefined>();
  for (const [index, { Code, Item: item }] of reasons.entries()) {
    if (Code === CONDITION_FAILED) images.set(index, toJavaScript(item));
  }
  // A condition that failed decides, even beside a conflict: an attempt later it would have failed as well.
  if (images.size > 0) return { failure: 'refused', images };
  const codes = reasons.map(({ Code = NO_REASON }) => Code).filter((code) => code !== NO_REASON);
  const passing = codes.length > 0 && codes.every((code) => PASSING_REASONS.has(code));
  return { failure: passing ? 'conflict' : 'other' };
}

/** What the failure of a commit means. */
export function judgeWriteFailure(error: unknown): WriteFailure {
  if (error instanceof ConditionalCheckFailedException) {
    return { failure: 'refused', images: new Map([[0, toJavaScript(error.Item)]]) };
  }
  if (error instanceof TransactionCanceledException)
    return judgeCancellation(error.CancellationReasons ?? []);
  const name = error instanceof Error ? error.name : '';
  if (CONFLICTS.has(name)) return { failure: 'conflict' };
  return { failure: THROTTLES.has(name) ? 'throttled' : 'other' };
}

/** A client error means that we asked wrongly or may not ask: a bug, or a broken deployment. */
const isOurFault = (error: Error): boolean => {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500 && !THROTTLES.has(error.name);
};

/**
 * The error to throw for a request that failed for good: `StoreUnavailableError` when the database could not
 * be reached, kept failing or kept throttling, otherwise the error itself.
 *
 * @param effect whether the request may have had one: a read has none.
 */
export function asThrown(error: unknown, effect: 'none' | 'unknown' = 'unknown'): unknown {
  // The SDK marks what went through its attempts; anything else failed before a request was sent: a bug.
  if (!(error instanceof Error) || !('$metadata' in error) || isOurFault(error)) return error;
  return new StoreUnavailableError(`DynamoDB failed: ${error.name}`, { cause: error, effect });
}
