import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type HttpMethod, ROUTES } from '../../lib/config/routes.ts';
import type { HttpMiddleware } from './exchange.ts';
import type { BoundOperation } from './operation.ts';
import { ProblemError } from './problem.ts';

type Target = Pick<APIGatewayProxyEvent, 'resource' | 'path' | 'httpMethod'>;

/** Methods of every path, in alphabetical order. */
const METHODS: ReadonlyMap<string, readonly HttpMethod[]> = new Map(
  [...Map.groupBy(ROUTES, ({ path }) => path)].map(([path, routes]) => [
    path,
    routes.map(({ method }) => method).sort(),
  ]),
);

/** The gateway may take `/v1/products/` for `/v1/products`; to this API it is an unknown path. */
const hasTrailingSlash = ({ path }: Target): boolean => path.length > 1 && path.endsWith('/');

/** Finds operations by the route that the gateway has matched. */
export function operationFinder(operations: readonly BoundOperation[]) {
  const byRoute = new Map(operations.map((found) => [`${found.route.method} ${found.route.path}`, found]));
  return (target: Target): BoundOperation | undefined =>
    hasTrailingSlash(target) ? undefined : byRoute.get(`${target.httpMethod} ${target.resource}`);
}

function unroutable(target: Target): Error {
  const methods = hasTrailingSlash(target) ? undefined : METHODS.get(target.resource);
  if (methods === undefined)
    return new ProblemError({ problem: 'not_found', detail: 'There is no such path.' });
  if (methods.some((method) => method === target.httpMethod)) {
    return new Error('The gateway sent a request to a function that does not serve its route.');
  }
  return new ProblemError({
    problem: 'method_not_allowed',
    detail: `This path takes ${methods.join(', ')}.`,
    headers: { Allow: methods.join(', ') },
  });
}

/** Ends the chain for what no route matches: 404 for an unknown path, 405 for a wrong method. */
export const routing: HttpMiddleware = {
  before: ({ event }) => {
    if (event.exchange.operation === undefined) throw unroutable(event);
  },
};
