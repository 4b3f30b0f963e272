import type { GatewayResponse } from '../template/gateway-responses.ts';
import type { GatewayAnswer } from './proxy-response.ts';

interface ErrorType {
  readonly family: 'DEFAULT_4XX' | 'DEFAULT_5XX';
  readonly status: number;
  readonly message: string;
}

/** What API Gateway answers by itself, by its name for the reason, unless the template shapes it. */
const ERRORS = {
  MALFORMED_REQUEST: { family: 'DEFAULT_4XX', status: 400, message: 'Bad Request' },
  MISSING_AUTHENTICATION_TOKEN: {
    family: 'DEFAULT_4XX',
    status: 403,
    message: 'Missing Authentication Token',
  },
  /** No token, one that does not look like one, or one that the authorizer refused. */
  UNAUTHORIZED: { family: 'DEFAULT_4XX', status: 401, message: 'Unauthorized' },
  ACCESS_DENIED: {
    family: 'DEFAULT_4XX',
    status: 403,
    message: 'User is not authorized to access this resource',
  },
  INVALID_API_KEY: { family: 'DEFAULT_4XX', status: 403, message: 'Forbidden' },
  THROTTLED: { family: 'DEFAULT_4XX', status: 429, message: 'Too Many Requests' },
  /** The authorizer threw something else, or timed out. */
  AUTHORIZER_FAILURE: { family: 'DEFAULT_5XX', status: 500, message: 'Internal server error' },
  /** The authorizer answered something that is no answer of one. */
  AUTHORIZER_CONFIGURATION_ERROR: {
    family: 'DEFAULT_5XX',
    status: 500,
    message: 'Internal server error',
  },
  REQUEST_TOO_LARGE: { family: 'DEFAULT_4XX', status: 413, message: 'Request Too Long' },
  /** The function threw, timed out, or answered something that is no response. */
  FUNCTION_ERROR: { family: 'DEFAULT_5XX', status: 502, message: 'Internal server error' },
  INTEGRATION_FAILURE: {
    family: 'DEFAULT_5XX',
    status: 504,
    message: 'Network error communicating with endpoint',
  },
  INTEGRATION_TIMEOUT: { family: 'DEFAULT_5XX', status: 504, message: 'Endpoint request timed out' },
} as const satisfies Record<string, ErrorType>;

export type GatewayErrorType = keyof typeof ERRORS;

function headerValue(expression: string, requestId: string): string {
  return expression === 'context.requestId' ? requestId : expression.slice(1, -1);
}

function fillIn(template: string, { requestId, message, type }: Record<string, string>): string {
  return template
    .replaceAll('$context.requestId', requestId ?? '')
    .replaceAll('$context.error.messageString', JSON.stringify(message))
    .replaceAll('$context.error.message', message ?? '')
    .replaceAll('$context.error.responseType', type ?? '');
}

/** The gateway's own answer, shaped by the template's entry for the type or, failing that, for its family. */
export function gatewayError(
  type: GatewayErrorType,
  requestId: string,
  responses: ReadonlyMap<string, GatewayResponse>,
): GatewayAnswer {
  const { family, status, message } = ERRORS[type];
  const shape = responses.get(type) ?? responses.get(family);
  const body = shape?.body ?? '{"message":$context.error.messageString}';
  const headers = Object.entries(shape?.headers ?? {}).map(
    ([name, expression]) => [name, headerValue(expression, requestId)] as const,
  );
  const isTyped = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status: shape?.status ?? status,
    headers: isTyped ? headers : [...headers, ['Content-Type', 'application/json']],
    body: Buffer.from(fillIn(body, { requestId, message, type })),
  };
}
