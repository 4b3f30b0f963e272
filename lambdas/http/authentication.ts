import { TOKEN_MAX } from '../../lib/contracts/limits.ts';
import type { Principal } from '../../lib/domain/access.ts';
import { type HttpEvent, type HttpMiddleware, operationOf } from './exchange.ts';
import { singleHeader } from './headers.ts';
import { mayCall } from './principal.ts';
import { ProblemError } from './problem.ts';

/** Finds out whose key a token is. `undefined`: nobody's. */
export type Authenticate = (token: string) => Promise<Principal | undefined>;

/** The scheme has no case; the token is one word (RFC 6750). */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

function tokenOf(event: HttpEvent): string | undefined {
  const token = BEARER.exec(singleHeader(event, 'authorization') ?? '')?.[1];
  return token !== undefined && token.length <= TOKEN_MAX ? token : undefined;
}

const unauthenticated = () =>
  new ProblemError({
    problem: 'unauthenticated',
    detail: 'Send an API key: Authorization: Bearer <key>.',
    headers: { 'WWW-Authenticate': 'Bearer realm="holdfast"' },
  });

const forbidden = () =>
  new ProblemError({ problem: 'forbidden', detail: 'This key may not use this route.' });

/** Finds out who asks, and whether they may. */
export function authentication(authenticate: Authenticate): HttpMiddleware {
  return {
    before: async ({ event }) => {
      const { access } = operationOf(event.exchange).route;
      if (access === 'public') return;
      const token = tokenOf(event);
      const principal = token === undefined ? undefined : await authenticate(token);
      if (principal === undefined) throw unauthenticated();
      event.exchange.principal = principal;
      if (!mayCall(access, principal)) throw forbidden();
    },
  };
}
