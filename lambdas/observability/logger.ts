import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import { runFields } from './current-run.ts';
import type { LogMessage } from './log-messages.ts';

/** The only fields that entries may carry. Of what callers sent, they hold ids and nothing else. */
export interface LogFields {
  readonly requestId?: string;
  /** The id Lambda gave the invocation: it finds the platform's own entries. */
  readonly awsRequestId?: string;
  /** Of the caller's trace (W3C). X-Ray's own is added by itself, where tracing is on. */
  readonly traceId?: string;
  readonly operationId?: string;
  readonly tenantId?: string;
  readonly status?: number;
  /** Error code of the API. */
  readonly problem?: string;
  readonly durationMs?: number;
  /** Places in an answer that do not fit its contract. */
  readonly paths?: readonly string[];
  /** Key of a stored record: ids and hashes. */
  readonly recordKey?: string;
  readonly reservationIds?: readonly string[];
  readonly reservationId?: string;
  /** Where messages were to go. */
  readonly channel?: string;
  /** Id of a message of a queue. */
  readonly messageId?: string;
  /** How often a queue has shown a message. */
  readonly receiveCount?: number;
  /** What a tenant calls a product. */
  readonly sku?: string;
  /** Rules of the books that do not hold, with their numbers. */
  readonly violations?: readonly string[];
  /** Why something was left out: one word. */
  readonly why?: string;
  /** How many things a background task handled. */
  readonly count?: number;
}

/** Writes structured entries from the catalogue of messages. */
export interface Logger {
  info(message: LogMessage, fields?: LogFields): void;
  /** `error`: what was caught; its name, message and stack are written. */
  error(message: LogMessage, fields?: LogFields, error?: unknown): void;
}

/** Causes that are followed: an error of the SDK, what it wraps, and one more. */
const CAUSES_MAX = 3;

/**
 * Name, message and stack. Nothing else of an error is written: the SDK attaches the items of a refused
 * transaction to its errors, and those are a tenant's data.
 */
function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const { name, message, stack, cause } = error;
  if (cause === undefined || depth === CAUSES_MAX) return { name, message, stack };
  return { name, message, stack, cause: describeError(cause, depth + 1) };
}

/**
 * Creates the logger of a function. It writes JSON lines to stdout and stderr; the level comes from the
 * environment that the function's construct sets.
 */
export function createLogger(functionName: string): Logger {
  const logger = new PowertoolsLogger({ serviceName: functionName });
  return {
    info: ({ code, message }, fields) => logger.info({ message, code, ...runFields(), ...fields }),
    error: ({ code, message }, fields, error) =>
      logger.error({
        message,
        code,
        ...runFields(),
        ...fields,
        ...(error === undefined ? {} : { error: describeError(error) }),
      }),
  };
}
