import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** What API Gateway answers by itself, without asking a function, as the problem it stands for. */
interface GatewayProblem {
  readonly id: string;
  readonly type: ResponseType;
  readonly status: number;
  /** One of the codes in `docs/errors.md`. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** @default the client is not told when to try again */
  readonly retryAfterSeconds?: number;
}

/**
 * Gateway templates only substitute variables and cannot see the status, so whatever has a status of its own
 * has an entry here, and the two defaults fix the status of the rest.
 */
const PROBLEMS: readonly GatewayProblem[] = [
  {
    id: 'TooManyRequests',
    type: ResponseType.THROTTLED,
    status: 429,
    code: 'rate_limited',
    title: 'Too many requests',
    detail: 'This region serves no more requests at the moment.',
    retryAfterSeconds: 1,
  },
  {
    id: 'PayloadTooLarge',
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    code: 'payload_too_large',
    title: 'Payload too large',
    detail: 'The body has more than 64 KiB.',
  },
  {
    id: 'Refused',
    type: ResponseType.DEFAULT_4XX,
    status: 400,
    code: 'validation_failed',
    title: 'Validation failed',
    detail: 'The request line or a header is malformed.',
  },
  {
    id: 'Failed',
    type: ResponseType.DEFAULT_5XX,
    status: 500,
    code: 'internal_error',
    title: 'Internal error',
    // A function that crashed or ran out of time may have done its work before.
    detail: 'The request may have had its effect. Send it again with the same Idempotency-Key.',
  },
];

/** Shapes the gateway's own answers like those of the functions, as problem documents (RFC 9457). */
export function addGatewayResponses(api: RestApi): void {
  for (const problem of PROBLEMS) {
    api.addGatewayResponse(problem.id, {
      type: problem.type,
      statusCode: String(problem.status),
      responseHeaders: headersOf(problem),
      // The gateway picks a template by the Accept header and falls back on this key; the header above says
      // what the body really is.
      templates: { 'application/json': bodyOf(problem) },
    });
  }
}

function headersOf({ retryAfterSeconds }: GatewayProblem): Record<string, string> {
  const headers = { 'Content-Type': "'application/problem+json'" };
  return retryAfterSeconds === undefined ? headers : { ...headers, 'Retry-After': `'${retryAfterSeconds}'` };
}

function bodyOf({ status, code, title, detail }: GatewayProblem): string {
  return JSON.stringify({
    type: `urn:holdfast:problem:${code}`,
    title,
    status,
    code,
    detail,
    requestId: '$context.requestId',
  });
}
