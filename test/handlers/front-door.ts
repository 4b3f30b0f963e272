import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type AuthorizerDependencies, tokenAuthorizer } from '../../lambdas/authorizer/token-authorizer.ts';
import { problemAnswer } from '../../lambdas/http/problem.ts';
import { BEARER_HEADER } from '../../lib/config/authorizer.ts';
import { ROUTES } from '../../lib/config/routes.ts';

const METHOD_ARN = 'arn:aws:execute-api:us-east-1:123456789012:abc/live/GET/v1/stock/mug';

/** What the gateway says by itself; `test/infra/gateway-responses.test.ts` holds the template to these documents. */
function refusal(problem: 'unauthenticated' | 'region_unavailable'): APIGatewayProxyResult {
  const headers = {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': 'gateway-1',
    ...(problem === 'unauthenticated' && { 'WWW-Authenticate': 'Bearer realm="holdfast"' }),
  };
  return problemAnswer({ problem, detail: 'Said by the gateway.', headers }, 'gateway-1');
}

/**
 * Does what the gateway does in front of a function: on routes that are not public it asks the authorizer, and answers
 * by itself when that refuses or fails.
 */
export function frontDoor(
  dependencies: AuthorizerDependencies,
  handle: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>,
) {
  const authorize = tokenAuthorizer(dependencies);
  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const route = ROUTES.find(({ method, path }) => method === event.httpMethod && path === event.resource);
    if (route === undefined || route.access === 'public') return handle(event);
    const [, authorizationToken] =
      Object.entries(event.headers).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
    if (!new RegExp(BEARER_HEADER).test(authorizationToken ?? '')) return refusal('unauthenticated');
    const asked = { type: 'TOKEN', authorizationToken, methodArn: METHOD_ARN };
    const verdict = await authorize(asked).catch((error: Error) => error);
    if (verdict instanceof Error) {
      return refusal(verdict.message === 'Unauthorized' ? 'unauthenticated' : 'region_unavailable');
    }
    const { principalId, context } = verdict;
    const requestContext = { ...event.requestContext, authorizer: { principalId, ...context } };
    return handle({ ...event, requestContext } as APIGatewayProxyEvent);
  };
}
