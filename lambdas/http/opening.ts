import type { APIGatewayProxyResult } from 'aws-lambda';
import type { HttpEvent, HttpMiddleware } from './exchange.ts';
import { singleHeader } from './headers.ts';
import type { BoundOperation } from './operation.ts';

/** How ids of requests look: ours, and those that callers bring. */
export const REQUEST_ID = /^[A-Za-z0-9-]{1,64}$/;

/** W3C trace context, version 00: trace and parent of zeros only are invalid. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

const matching = (value: string | undefined, pattern: RegExp): string | undefined =>
  value !== undefined && pattern.test(value) ? value : undefined;

export interface OpeningOptions {
  readonly newRequestId: () => string;
  readonly nowMs: () => number;
  readonly findOperation: (event: HttpEvent) => BoundOperation | undefined;
}

/** Headers that every answer carries, unless the operation has set its own. */
function addHeaders(answer: APIGatewayProxyResult, { requestId, traceparent }: HttpEvent['exchange']): void {
  answer.headers = {
    'Cache-Control': 'no-store',
    ...answer.headers,
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** First and last of the chain: names the request, and completes whatever answer it gets. */
export function opening({ newRequestId, nowMs, findOperation }: OpeningOptions): HttpMiddleware {
  return {
    before: ({ event }) => {
      event.exchange = {
        requestId: matching(singleHeader(event, 'x-request-id'), REQUEST_ID) ?? newRequestId(),
        traceparent: matching(singleHeader(event, 'traceparent'), TRACEPARENT),
        startedAtMs: nowMs(),
        operation: findOperation(event),
      };
    },
    after: ({ event, response }) => {
      if (response) addHeaders(response, event.exchange);
    },
    onError: ({ event, response }) => {
      if (response) addHeaders(response, event.exchange);
    },
  };
}
