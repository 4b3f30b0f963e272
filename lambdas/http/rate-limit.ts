import type { Admission } from '../../lib/application/limit-rate.ts';
import type { HttpMiddleware } from './exchange.ts';
import type { TenantPrincipal } from './principal.ts';
import { ProblemError } from './problem.ts';

/** Says whether a tenant's request is served now. */
export type Admit = (principal: TenantPrincipal) => Promise<Admission>;

const MS_PER_SECOND = 1000;

const rateLimited = (retryAfterMs: number) =>
  new ProblemError({
    problem: 'rate_limited',
    detail: 'The tenant has sent more requests than its tier allows in this region. Nothing was done.',
    retryAfterSeconds: retryAfterMs / MS_PER_SECOND,
  });

/** Refuses what is over the tenant's rate. Operators' keys and public routes have none. */
export function rateLimit(admit: Admit): HttpMiddleware {
  return {
    before: async ({ event: { exchange } }) => {
      if (exchange.principal?.kind !== 'tenant') return;
      const admission = await admit(exchange.principal);
      if (!admission.admitted) throw rateLimited(admission.retryAfterMs);
      if (admission.unchecked) exchange.isUnchecked = true;
    },
  };
}
