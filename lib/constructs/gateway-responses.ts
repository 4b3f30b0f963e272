import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { edgeProblemBody } from './edge-problem.ts';
import { GATEWAY_PROBLEMS, type GatewayProblem } from './gateway-problems.ts';

/** Shapes the gateway's own answers like those of the functions, as problem documents (RFC 9457). */
export function addGatewayResponses(api: RestApi): void {
  for (const problem of GATEWAY_PROBLEMS) {
    for (const type of problem.types) {
      api.addGatewayResponse(type.responseType, {
        type,
        statusCode: String(problem.status),
        responseHeaders: headersOf(problem),
        // The gateway picks a template by the Accept header and falls back on this key; the header above says
        // what the body really is. It could echo the caller's `X-Request-Id`, but not check it, so it uses its own.
        templates: { 'application/json': edgeProblemBody(problem, '$context.requestId') },
      });
    }
  }
}

/** Values are expressions: text stands in quotes. */
const literal = (value: string): string => `'${value}'`;

function headersOf({ headers = {}, retryAfterSeconds }: GatewayProblem): Record<string, string> {
  const own = Object.entries(headers).map(([name, value]) => [name, literal(value)]);
  return {
    'Content-Type': literal('application/problem+json'),
    'Cache-Control': literal('no-store'),
    'X-Content-Type-Options': literal('nosniff'),
    'X-Request-Id': 'context.requestId',
    ...Object.fromEntries(own),
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': literal(String(retryAfterSeconds)) }),
  };
}
