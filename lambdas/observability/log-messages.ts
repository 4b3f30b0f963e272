/** What a log entry says: a code to search for and a sentence to read. */
export interface LogMessage {
  readonly code: string;
  readonly message: string;
}

/**
 * Everything the functions log. An entry adds fields of `LogFields` and nothing else: no body, token, secret,
 * reference or path of a caller is ever written to a log.
 */
export const LOG_MESSAGES = {
  requestStarted: { code: 'REQUEST_STARTED', message: 'A request has arrived.' },
  requestCompleted: { code: 'REQUEST_COMPLETED', message: 'A request was answered.' },
  requestFailed: { code: 'REQUEST_FAILED', message: 'An unexpected error ended a request.' },
  storeUnavailable: { code: 'STORE_UNAVAILABLE', message: 'The database could not be reached.' },
  answerRefused: { code: 'ANSWER_REFUSED', message: 'An answer does not fit its contract and was not sent.' },
  dueWorkCompleted: { code: 'DUE_WORK_COMPLETED', message: 'Work that was due is done.' },
} as const satisfies Record<string, LogMessage>;
