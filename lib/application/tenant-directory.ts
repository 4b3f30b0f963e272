import type { Tenant } from '../domain/access.ts';
import type { Replicas, Store, TenantDirectory } from './ports.ts';

/** Tenants remembered in one environment; the oldest is forgotten first. */
const TENANTS_MAX = 1000;

interface Where {
  readonly store: Store;
  readonly replicas: Replicas;
  /** Every deployed region; the first owns the list of tenants. */
  readonly regions: readonly string[];
}

/**
 * Remembers tenants. A home region is fixed for good, so what was read once is never read again; one that this
 * replica has not heard of is asked for where tenants are written.
 */
export function createTenantDirectory({ store, replicas, regions }: Where): TenantDirectory {
  const remembered = new Map<string, Tenant>();
  const [first = ''] = regions;
  const read = async (tenantId: string): Promise<Tenant | undefined> => {
    const own = await store.get('tenant', { tenantId }, 'strong');
    const owner = replicas.in(first);
    return own ?? (owner === store ? undefined : owner.get('tenant', { tenantId }, 'strong'));
  };
  const find = async (tenantId: string): Promise<Tenant | undefined> => {
    const known = remembered.get(tenantId);
    if (known !== undefined) return known;
    const found = await read(tenantId);
    if (found === undefined) return undefined;
    remembered.set(tenantId, found);
    const [oldest] = remembered.keys();
    if (remembered.size > TENANTS_MAX && oldest !== undefined) remembered.delete(oldest);
    return found;
  };
  return {
    find,
    async homeOf(tenantId) {
      if (regions.length === 1) return first;
      return (await find(tenantId))?.homeRegion ?? first;
    },
  };
}
