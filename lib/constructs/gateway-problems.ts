import { ResponseType } from 'aws-cdk-lib/aws-apigateway';
import type { EdgeProblem } from './edge-problem.ts';

/** What API Gateway answers by itself, without asking a function, as the problem it stands for. */
export interface GatewayProblem extends EdgeProblem {
  /** Every reason of the gateway that is this problem. */
  readonly types: readonly ResponseType[];
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Gateway templates only substitute variables and cannot see the status, so whatever has a status of its own
 * has an entry here, and the two defaults fix the status of the rest.
 */
export const GATEWAY_PROBLEMS: readonly GatewayProblem[] = [
  {
    // The authorizer refused the key, or was not asked: there is no `Authorization`, or it is no bearer token.
    types: [ResponseType.UNAUTHORIZED],
    status: 401,
    code: 'unauthenticated',
    title: 'Unauthenticated',
    detail: 'Send an API key: Authorization: Bearer <key>.',
    headers: { 'WWW-Authenticate': 'Bearer realm="holdfast"' },
  },
  {
    // What the firewall took for an attack; and a policy or a gateway's key that does not cover the route.
    types: [ResponseType.WAF_FILTERED, ResponseType.ACCESS_DENIED, ResponseType.INVALID_API_KEY],
    status: 403,
    code: 'forbidden',
    title: 'Forbidden',
    detail: 'This request is not allowed here.',
  },
  {
    // Every path has a method that answers it, so these are seen only while a deployment is under way.
    types: [ResponseType.RESOURCE_NOT_FOUND, ResponseType.MISSING_AUTHENTICATION_TOKEN],
    status: 404,
    code: 'not_found',
    title: 'Not found',
    detail: 'There is no such path.',
  },
  {
    types: [ResponseType.REQUEST_TOO_LARGE],
    status: 413,
    code: 'payload_too_large',
    title: 'Payload too large',
    detail: 'A body may have 65536 bytes at most.',
  },
  {
    types: [ResponseType.UNSUPPORTED_MEDIA_TYPE],
    status: 415,
    code: 'unsupported_media_type',
    title: 'Unsupported media type',
    detail: 'Send the body with Content-Type: application/json.',
  },
  {
    types: [ResponseType.THROTTLED, ResponseType.QUOTA_EXCEEDED],
    status: 429,
    code: 'rate_limited',
    title: 'Too many requests',
    detail: 'This region serves no more requests of this kind of tenant at the moment.',
    retryAfterSeconds: 1,
  },
  {
    // The authorizer failed, or ran out of time. The request has reached no function, so nothing has changed.
    types: [ResponseType.AUTHORIZER_FAILURE, ResponseType.AUTHORIZER_CONFIGURATION_ERROR],
    status: 503,
    code: 'region_unavailable',
    title: 'Region unavailable',
    detail: 'It cannot be told at the moment whose key this is. Nothing was changed; send the request again.',
    retryAfterSeconds: 1,
  },
  {
    types: [ResponseType.DEFAULT_4XX],
    status: 400,
    code: 'validation_failed',
    title: 'Validation failed',
    detail: 'The request line or a header is malformed.',
  },
  {
    // A function that crashed or ran out of time may have done its work before, and so may one that the gateway
    // gave up on: its 502 and 504 are our 500, because a caller does the same after each of them.
    types: [ResponseType.DEFAULT_5XX],
    status: 500,
    code: 'internal_error',
    title: 'Internal error',
    detail: 'The request may have had its effect. Send it again with the same Idempotency-Key.',
  },
];
