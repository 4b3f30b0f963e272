import { principalOf } from './authorizer-context.ts';
import { type HttpMiddleware, operationOf } from './exchange.ts';
import { headerValues } from './headers.ts';
import { mayCall } from './principal.ts';
import { ProblemError } from './problem.ts';

/** Word for word what the gateway says to a request without a good key. */
const unauthenticated = () =>
  new ProblemError({
    problem: 'unauthenticated',
    detail: 'Send an API key: Authorization: Bearer <key>.',
    headers: { 'WWW-Authenticate': 'Bearer realm="holdfast"' },
  });

const forbidden = () =>
  new ProblemError({ problem: 'forbidden', detail: 'This key may not use this route.' });

/** Takes over who asks from the authorizer in front of the route, and judges whether they may. */
export const authentication: HttpMiddleware = {
  before: ({ event }) => {
    const { access } = operationOf(event.exchange).route;
    if (access === 'public') return;
    // The authorizer saw one of them; which of two keys is meant is a guess.
    if (headerValues(event, 'authorization').length > 1) throw unauthenticated();
    const principal = principalOf(event.requestContext.authorizer);
    event.exchange.principal = principal;
    if (!mayCall(access, principal)) throw forbidden();
  },
};
