/**
 * A principal as the gateway carries it from the authorizer to the functions: flat, and all text, because whatever else
 * an authorizer says is turned into text on the way.
 */
import * as z from 'zod';
import type { Principal } from '../../lib/domain/access.ts';

/** Scopes in one text, as OAuth writes them. */
const SEPARATOR = ' ';

const tenantContext = z.object({
  kind: z.literal('tenant'),
  tenantId: z.string().min(1),
  keyId: z.string().min(1),
  scopes: z
    .string()
    .transform((text) => text.split(SEPARATOR))
    .pipe(z.array(z.enum(['read', 'write', 'admin']))),
  tier: z.enum(['free', 'standard', 'premium', 'unlimited']),
});

const operatorContext = z.object({ kind: z.literal('operator'), keyId: z.string().min(1) });

/** The gateway adds members of its own, which are left out. */
const principalContext = z.discriminatedUnion('kind', [tenantContext, operatorContext]);

/** What the authorizer says of a principal. */
export const contextOf = (principal: Principal): Record<string, string> =>
  principal.kind === 'tenant' ? { ...principal, scopes: principal.scopes.join(SEPARATOR) } : { ...principal };

/**
 * The principal of a request that came through the authorizer.
 *
 * @throws an Error when there is none, or none that can be read: a route without its authorizer lets nobody in
 */
export function principalOf(context: unknown): Principal {
  const parsed = principalContext.safeParse(context);
  if (parsed.success) return parsed.data;
  throw new Error('The gateway sent a request without saying whose it is: the route lacks its authorizer.');
}
