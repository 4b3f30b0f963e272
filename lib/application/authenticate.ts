import { type ApiKey, OPERATOR_TENANT_ID, type Principal } from '../domain/access.ts';
import { parseApiKey } from './api-key-format.ts';
import { hashApiKey, keyHome } from './manage-keys.ts';
import type { Dependencies } from './ports.ts';

/** Keys remembered in one environment; the oldest is forgotten first. */
const KEYS_MAX = 1000;

type AuthenticateDependencies = Pick<
  Dependencies,
  'store' | 'clock' | 'digest' | 'tenants' | 'replicas' | 'regions' | 'region'
>;

/** A key as this replica knows it, or as its owner does: a key that was made a moment ago works everywhere. */
async function findKey(
  deps: AuthenticateDependencies,
  key: { readonly tenantId: string; readonly keyId: string },
): Promise<ApiKey | undefined> {
  const known = await deps.store.get('apiKey', key, 'strong');
  if (known !== undefined || deps.regions.length === 1) return known;
  const home = await keyHome(deps, key.tenantId);
  return home === deps.store ? undefined : home.get('apiKey', key, 'strong');
}

async function principalOf(
  { tenants }: AuthenticateDependencies,
  { tenantId, keyId, scopes }: ApiKey,
): Promise<Principal | undefined> {
  if (tenantId === OPERATOR_TENANT_ID) return { kind: 'operator', keyId };
  const tenant = await tenants.find(tenantId);
  return tenant === undefined ? undefined : { kind: 'tenant', tenantId, keyId, scopes, tier: tenant.tier };
}

async function lookUp(
  deps: AuthenticateDependencies,
  token: string,
  hash: string,
): Promise<Principal | undefined> {
  const parts = parseApiKey(token);
  if (parts === undefined) return undefined;
  const stored = await findKey(deps, parts);
  // Hashes are compared, not keys: how far two hashes agree tells nothing about the key.
  const isValid = stored?.secretHash === hash && stored.revokedAtMs === undefined;
  return isValid ? principalOf(deps, stored) : undefined;
}

/**
 * Makes the function that tells who a key speaks for. Only keys that work are remembered, so that a new one
 * works at once.
 *
 * @param rememberedMs how long a key that works is believed, counted from the moment before it was read
 */
export function createAuthenticator(deps: AuthenticateDependencies, rememberedMs: number) {
  const remembered = new Map<string, { readonly seenAtMs: number; readonly principal: Principal }>();

  return async (token: string): Promise<Principal | undefined> => {
    const hash = hashApiKey(deps, token);
    const known = remembered.get(hash);
    if (known !== undefined && deps.clock.now() - known.seenAtMs < rememberedMs) return known.principal;
    remembered.delete(hash);
    const seenAtMs = deps.clock.now();
    const principal = await lookUp(deps, token, hash);
    if (principal === undefined) return undefined;
    remembered.set(hash, { seenAtMs, principal });
    const [oldest] = remembered.keys();
    if (remembered.size > KEYS_MAX && oldest !== undefined) remembered.delete(oldest);
    return principal;
  };
}
