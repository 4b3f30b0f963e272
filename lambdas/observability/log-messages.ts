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
  keyNotLookedUp: {
    code: 'KEY_NOT_LOOKED_UP',
    message: 'It could not be found out whose key a request carries, so the request was answered 503.',
  },
  answerRefused: { code: 'ANSWER_REFUSED', message: 'An answer does not fit its contract and was not sent.' },
  changesPostponed: {
    code: 'CHANGES_POSTPONED',
    message: 'Changes of the stream could not be completed now and will be shown again.',
  },
  changeFailed: {
    code: 'CHANGE_FAILED',
    message:
      'A change of the stream could not be completed for a reason that is a bug, and will be shown again.',
  },
  changeGivenUp: {
    code: 'CHANGE_GIVEN_UP',
    message: 'A change of the stream fails again and again, and is parked so that others go on.',
  },
  recordUnreadable: {
    code: 'RECORD_UNREADABLE',
    message: 'A record of the stream cannot be read and is parked.',
  },
  changeNotParked: {
    code: 'CHANGE_NOT_PARKED',
    message: 'A change could not be parked and will be shown again.',
  },
  messagesKept: {
    code: 'MESSAGES_KEPT',
    message: 'Messages that nobody took are kept and will be sent again.',
  },
  messagesNotTaken: {
    code: 'MESSAGES_NOT_TAKEN',
    message: 'A queue, the bus or the log did not take messages.',
  },
  eventRefused: { code: 'EVENT_REFUSED', message: 'An event does not fit its contract and was not sent.' },
  duplicateOrder: {
    code: 'DUPLICATE_ORDER',
    message: 'Two reservations are confirmed under one idempotency key, made in different regions.',
  },
  unsentUnreadable: {
    code: 'UNSENT_UNREADABLE',
    message: 'A message that was kept to be sent again cannot be read; it waits.',
  },
  messageStaysHidden: {
    code: 'MESSAGE_STAYS_HIDDEN',
    message: 'A message that failed will not be shown again soon, but after its visibility timeout.',
  },
  demandNotFollowed: { code: 'DEMAND_NOT_FOLLOWED', message: 'The demand could not be measured.' },
  messageFailed: { code: 'MESSAGE_FAILED', message: 'A message of a queue failed and will be shown again.' },
  messagesPostponed: {
    code: 'MESSAGES_POSTPONED',
    message: 'There was no time for some messages of a queue; they will be shown again.',
  },
  stockDrift: { code: 'STOCK_DRIFT', message: 'The books of a product do not agree.' },
  auditSkipped: { code: 'AUDIT_SKIPPED', message: 'A product could not be audited now.' },
  sliceAudited: { code: 'SLICE_AUDITED', message: 'A slice of the region was audited.' },
  canaryFailed: {
    code: 'CANARY_FAILED',
    message: 'A unit could not be held and released through the public API.',
  },
  canaryKeyMissing: {
    code: 'CANARY_KEY_MISSING',
    message: 'The secret of the canary holds no API key yet: put one of the tenant `canary` into it.',
  },
  canarySecretUnread: { code: 'CANARY_SECRET_UNREAD', message: 'The secret of the canary cannot be read.' },
  canaryUnanswered: { code: 'CANARY_UNANSWERED', message: 'The public API did not answer the canary.' },
  orderProcessed: { code: 'ORDER_PROCESSED', message: 'What became of a confirmation is recorded.' },
  dueWorkCompleted: { code: 'DUE_WORK_COMPLETED', message: 'Work that was due is done.' },
} as const satisfies Record<string, LogMessage>;
