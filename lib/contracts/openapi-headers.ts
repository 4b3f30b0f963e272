import * as z from 'zod';
import type { Endpoint } from './endpoints.ts';
import { IDEMPOTENCY_KEY_MAX } from './limits.ts';
import { type OperationContract, RESPOND_ASYNC } from './operation-contract.ts';

const requestId = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/)
  .optional()
  .meta({
    description: 'Names the request in logs and answers. Anything else is replaced.',
    example: 'b7f0c1d2-0001',
    param: { id: 'X-Request-Id' },
  });

const traceparent = z
  .string()
  .optional()
  .meta({
    description: 'W3C trace context; passed on.',
    example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    param: { id: 'traceparent' },
  });

const idempotencyKey = z
  .string()
  .regex(new RegExp(`^[!-~]{1,${IDEMPOTENCY_KEY_MAX}}$`))
  .meta({
    description: "A key of the caller's making, the same for every attempt of one request.",
    example: '7d9f2b64-3a0e-4d6a-9d55-0b1f6c1f2a11',
    param: { id: 'Idempotency-Key' },
  });

const ifMatch = z
  .string()
  .optional()
  .meta({
    description: 'Only if the thing is still in this version.',
    example: '"3"',
    param: { id: 'If-Match' },
  });

const ifNoneMatch = z
  .string()
  .optional()
  .meta({
    description: 'On GET: 304 if the caller has this version. On PUT, `*`: only if there is nothing yet.',
    example: '"3"',
    param: { id: 'If-None-Match' },
  });

const prefer = z
  .string()
  .optional()
  .meta({
    description: '`respond-async`: do not wait for the outcome. Other preferences are ignored.',
    example: RESPOND_ASYNC,
    param: { id: 'Prefer' },
  });

/** The header parameters of an operation. */
export function requestHeaders({ route, contract }: Endpoint): z.ZodObject {
  const isConditional = contract.versioned === true;
  return z.object({
    ...(route.idempotent ? { 'Idempotency-Key': idempotencyKey } : {}),
    ...(isConditional ? { 'If-Match': ifMatch } : {}),
    ...(isConditional && route.method !== 'DELETE' ? { 'If-None-Match': ifNoneMatch } : {}),
    ...(contract.preferences === undefined ? {} : { Prefer: prefer }),
    'X-Request-Id': requestId,
    traceparent,
  });
}

const echoedRequestId = z.string().meta({
  description: 'Names the request.',
  example: 'b7f0c1d2-0001',
  header: { id: 'X-Request-Id' },
});

const entityTag = z.string().meta({
  description: 'The version, as an entity tag.',
  example: '"3"',
  header: { id: 'ETag' },
});

const replayed = z
  .literal('true')
  .optional()
  .meta({
    description: 'The answer of an earlier request with the same key.',
    header: { id: 'Idempotency-Replayed' },
  });

const preferenceApplied = z
  .literal(RESPOND_ASYNC)
  .optional()
  .meta({
    description: 'The preference that was honoured.',
    header: { id: 'Preference-Applied' },
  });

const retryAfter = z
  .int()
  .min(1)
  .meta({
    description: 'Seconds after which to try again.',
    example: 1,
    header: { id: 'Retry-After' },
  });

const challenge = z.string().meta({
  description: 'How to authenticate.',
  example: 'Bearer realm="holdfast"',
  header: { id: 'WWW-Authenticate' },
});

/** The headers of an operation's answers with a status. */
export function responseHeaders(
  { versioned, idempotent, preferences }: OperationContract,
  status: number,
): z.ZodObject {
  const isLater = status === 202 && preferences !== undefined;
  return z.object({
    'X-Request-Id': echoedRequestId,
    ...(versioned ? { ETag: entityTag } : {}),
    ...(idempotent ? { 'Idempotency-Replayed': replayed } : {}),
    ...(isLater ? { 'Preference-Applied': preferenceApplied } : {}),
  });
}

/** The headers of a problem. */
export function problemHeaders(status: number): z.ZodObject {
  return z.object({
    'X-Request-Id': echoedRequestId,
    ...(status === 401 ? { 'WWW-Authenticate': challenge } : {}),
    ...(status === 429 || status === 503 ? { 'Retry-After': retryAfter } : {}),
  });
}
