/**
 * Remembers whether an attempt of a request was lost: no answer, or a server's error. Such an attempt may have
 * taken effect. When the SDK then retries and is refused (throttled, say), the last error alone would tell
 * that nothing was written, which may be wrong.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const CLIENT_ERROR = 400;
const SERVER_ERROR = 500;

/** Errors of requests of which an attempt was lost. */
const uncertain = new WeakSet<object>();

/** A refusal says that nothing was written; but this one says that an earlier attempt is still at work. */
const STILL_AT_WORK = 'TransactionInProgressException';

/** The HTTP status an error came with; `undefined` when there was no answer. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  return (error.$metadata as { httpStatusCode?: number } | undefined)?.httpStatusCode;
}

function isRefusal(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  return (
    status >= CLIENT_ERROR && status < SERVER_ERROR && error instanceof Error && error.name !== STILL_AT_WORK
  );
}

/** Whether the request that failed with this error may have taken effect nevertheless. */
export const mayHaveTakenEffect = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && uncertain.has(error);

/** Adds the memory to a client. It sits inside the SDK's retries, so it sees each attempt. */
export function noteLostReplies(stack: DynamoDBClient['middlewareStack']): void {
  stack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        context['replyLost'] = context['replyLost'] === true || !isRefusal(error);
        if (context['replyLost'] && typeof error === 'object' && error !== null) uncertain.add(error);
        throw error;
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'noteLostReplies' },
  );
}
