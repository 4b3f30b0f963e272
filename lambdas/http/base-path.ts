import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Route } from '../../lib/config/routes.ts';

/** The gateway's own domain: there, and only there, URLs begin with the stage. */
const GATEWAY_DOMAIN = /\.execute-api\./;

/**
 * What stands before `/v1` in the URL the caller used: the gateway's stage, what a domain of one's own maps to
 * the API, or nothing.
 */
export function basePathOf(
  { path, requestContext }: Pick<APIGatewayProxyEvent, 'path' | 'requestContext'>,
  route: Route,
): string {
  const full = GATEWAY_DOMAIN.test(requestContext?.domainName ?? '') ? requestContext.path : path;
  const segments = route.path.split('/').length - 1;
  return full.split('/').slice(0, -segments).join('/');
}
