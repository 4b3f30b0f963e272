import type { ProblemKind } from './problem-kind.ts';

/** What can be wrong with a request whatever is stored, in order of precedence. */
export const REQUEST_PROBLEMS = {
  not_found: {
    status: 404,
    title: 'Not found',
    meaning:
      "There is no such path; or, after all checks of the request itself, no such thing: it never existed, or it is another tenant's.",
    retryable: false,
    action: 'Check the path and the id.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    meaning: 'The path exists, but not with this method.',
    retryable: false,
    action: 'Use one of the methods in `Allow`.',
  },
  unauthenticated: {
    status: 401,
    title: 'Unauthenticated',
    meaning: 'The request has no API key, or one that is unknown or revoked.',
    retryable: false,
    action: 'Send `Authorization: Bearer <api key>`. A new key works at once.',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    meaning:
      "The key is good, but lacks the scope, or belongs to a tenant on an operator's route or the reverse; or the firewall took the request for an attack.",
    retryable: false,
    action: 'Use a key with the scope that the route names; `admin` does not imply the others.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    meaning:
      "More requests, or with `limit` more open holds, than the tenant's tier allows. Nothing was done.",
    retryable: true,
    action: 'Wait for `Retry-After` seconds, then send the same request.',
  },
  payload_too_large: {
    status: 413,
    title: 'Payload too large',
    meaning: 'The body has more than 64 KiB.',
    retryable: false,
    action: 'Split the request.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    meaning: 'The body is not sent as `application/json` in UTF-8, or it has a `Content-Encoding`.',
    retryable: false,
    action: 'Send plain JSON with `Content-Type: application/json`.',
  },
  invalid_json: {
    status: 400,
    title: 'Invalid JSON',
    meaning:
      'The body is not JSON in UTF-8 (a byte order mark is not either), is nested too deeply, or is empty where a field is required.',
    retryable: false,
    action: 'Send one JSON object.',
  },
  validation_failed: {
    status: 400,
    title: 'Validation failed',
    meaning:
      'Fields of the body, the query or the path are missing, unknown, given twice or out of bounds. `errors` names every failing path.',
    retryable: false,
    action: 'Correct what `errors` names.',
  },
  not_supported: {
    status: 400,
    title: 'Not supported',
    meaning: 'The request uses a feature that this release does not have yet. `errors` names the fields.',
    retryable: false,
    action: 'Leave those fields out.',
  },
  invalid_cursor: {
    status: 400,
    title: 'Invalid cursor',
    meaning: 'The cursor was altered, or belongs to another tenant, list or filter.',
    retryable: false,
    action: 'Start the list again without a cursor.',
  },
  idempotency_key_required: {
    status: 400,
    title: 'Idempotency key required',
    meaning: 'The route needs an `Idempotency-Key` header, and the request has none.',
    retryable: false,
    action: 'Send a key of your own making, and the same one when you retry.',
  },
  idempotency_key_invalid: {
    status: 400,
    title: 'Idempotency key invalid',
    meaning: 'The `Idempotency-Key` is empty, longer than 128 characters, not visible ASCII, or given twice.',
    retryable: false,
    action: 'Send one key of 1 to 128 visible ASCII characters, such as a UUID.',
  },
} as const satisfies Record<string, ProblemKind>;
