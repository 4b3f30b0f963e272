/** The same use cases, with a database in which there is one tenant only. */
import { createClaimDirectory } from './claim-directory.ts';
import { createLocationDirectory } from './location-directory.ts';
import type { Dependencies, Replicas } from './ports.ts';

/** Tenants remembered in one environment; the oldest is forgotten first. Each keeps a client for each region. */
const TENANTS_MAX = 100;

/** Gives the dependencies of use cases that serve one tenant: what they read and write is of that tenant, or fails. */
export type TenantScope = (tenantId: string) => Dependencies;

/** Who tenants are and what regions do is known without any tenant, so it is taken from `base`. */
function narrow(base: Dependencies, replicas: Replicas): Dependencies {
  const { clock, region, tenants } = base;
  const store = replicas.in(region);
  return {
    ...base,
    store,
    replicas,
    locations: createLocationDirectory({ store, replicas, tenants, clock }),
    claims: createClaimDirectory(store, clock),
  };
}

/**
 * Remembers the scopes of tenants.
 *
 * @param open the databases of all regions, with the credentials of one tenant.
 */
export function createTenantScope(base: Dependencies, open: (tenantId: string) => Replicas): TenantScope {
  const remembered = new Map<string, Dependencies>();
  return (tenantId) => {
    const scope = remembered.get(tenantId) ?? narrow(base, open(tenantId));
    remembered.delete(tenantId);
    remembered.set(tenantId, scope);
    const [oldest] = remembered.keys();
    if (remembered.size > TENANTS_MAX && oldest !== undefined) remembered.delete(oldest);
    return scope;
  };
}
