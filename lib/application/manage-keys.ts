/** Tenants and their keys. A key is shown once; only its hash is stored. */
import {
  type ApiKey,
  OPERATOR_TENANT_ID,
  type Principal,
  type Scope,
  type Tenant,
  type Tier,
} from '../domain/access.ts';
import { ABSENT } from '../domain/guarded-write.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import { actingIn, firstRegion } from './acting-in.ts';
import { formatApiKey, formatKeyId, parseApiKey, tenantOfKey } from './api-key-format.ts';
import { CONTENDED } from './idempotency.ts';
import type { Dependencies, Store } from './ports.ts';

const KEY_ID_DIGITS = 20;

/** 256 bits: nobody guesses a key, so its plain SHA-256 is safe to store. */
const SECRET_BYTES = 32;
const HASH_DIGITS = 64;

export interface TenantCommand {
  readonly tenantId: string;
  readonly name: string;
  readonly tier: Tier;
  readonly homeRegion?: string;
}

/** Hash under which a key is stored and recognised. */
export const hashApiKey = ({ digest }: Pick<Dependencies, 'digest'>, key: string): string =>
  digest.hex(HASH_DIGITS, key);

/**
 * Creates a tenant; the list of tenants is written in the first region.
 *
 * Rejections: `tenant_exists`, `validation_failed` (a home region that is not deployed), `contended`.
 */
export async function createTenant(deps: Dependencies, command: TenantCommand): Promise<Result<Tenant>> {
  const { tenantId, name, tier, homeRegion = firstRegion(deps) } = command;
  if (!deps.regions.includes(homeRegion)) {
    const detail = `The home region must be one of ${deps.regions.join(', ')}.`;
    return reject({ code: 'validation_failed', detail, path: 'homeRegion' });
  }
  const tenant: Tenant = { tenantId, name, tier, homeRegion, createdAtMs: deps.clock.now() };
  const first = actingIn(deps, firstRegion(deps));
  const commit = await first.store.commit([
    { entity: 'tenant', key: { tenantId }, conditions: [ABSENT], effect: { does: 'put', record: tenant } },
  ]);
  if (commit.outcome === 'contended') return reject(CONTENDED);
  if (commit.outcome === 'committed') return succeed(tenant);
  const stored = commit.images.get(0) as Tenant | undefined;
  // A reply that was lost and a write that was sent again is no second tenant.
  const isOurs = stored?.createdAtMs === tenant.createdAtMs && stored.name === name && stored.tier === tier;
  if (isOurs) return succeed(tenant);
  return reject({ code: 'tenant_exists', detail: `There is a tenant ${tenantId} already.` });
}

export interface KeyCommand {
  readonly scopes: readonly Scope[];
  readonly name?: string;
}

export interface CreatedKey {
  readonly key: ApiKey;
  /** The whole key, as it goes into the `Authorization` header. Shown this once. */
  readonly secret: string;
}

/** The store that keys are written in: the tenant's home, and for operators the first region. */
export async function keyHome(
  deps: Pick<Dependencies, 'tenants' | 'replicas' | 'regions' | 'region'>,
  tenantId: string,
): Promise<Store> {
  if (tenantId === OPERATOR_TENANT_ID) return deps.replicas.in(firstRegion(deps));
  return deps.replicas.in(await deps.tenants.homeOf(tenantId));
}

/** A fresh key of a tenant, as it goes into the `Authorization` header. It means nothing until it is stored. */
export function makeApiKey({ random }: Pick<Dependencies, 'random'>, tenantId: string): string {
  return formatApiKey(formatKeyId(tenantId, random.hex(KEY_ID_DIGITS)), random.base64url(SECRET_BYTES));
}

/**
 * Stores what is recognised of a key, so that it works from now on. Storing it again changes nothing.
 *
 * Rejections: `contended`.
 *
 * @throws an Error for what no key looks like, and for a key whose id is that of another one.
 */
export async function storeApiKey(
  deps: Dependencies,
  secret: string,
  command: KeyCommand,
): Promise<Result<ApiKey>> {
  const parts = parseApiKey(secret);
  if (parts === undefined) throw new Error('What shall be stored is no key');
  const key: ApiKey = {
    ...parts,
    ...command,
    secretHash: hashApiKey(deps, secret),
    createdAtMs: deps.clock.now(),
  };
  const home = await keyHome(deps, key.tenantId);
  const commit = await home.commit([
    { entity: 'apiKey', key: parts, conditions: [ABSENT], effect: { does: 'put', record: key } },
  ]);
  if (commit.outcome === 'contended') return reject(CONTENDED);
  const stored = commit.outcome === 'refused' ? (commit.images.get(0) as ApiKey | undefined) : key;
  if (stored?.secretHash !== key.secretHash) throw new Error('A fresh key id was taken already');
  return succeed(stored);
}

async function createAndStore(
  deps: Dependencies,
  tenantId: string,
  command: KeyCommand,
): Promise<Result<CreatedKey>> {
  const secret = makeApiKey(deps, tenantId);
  const stored = await storeApiKey(deps, secret, command);
  return stored.ok ? succeed({ key: stored.value, secret }) : stored;
}

/**
 * Creates a key of a tenant.
 *
 * Rejections: `not_found` (no such tenant), `contended`.
 */
export async function createKey(
  deps: Dependencies,
  tenantId: string,
  command: KeyCommand,
): Promise<Result<CreatedKey>> {
  const tenant = await deps.tenants.find(tenantId);
  if (tenant === undefined) return reject({ code: 'not_found', detail: 'There is no such tenant.' });
  return createAndStore(deps, tenantId, command);
}

/** Creates an operator's key: for whoever deploys the service, never through the API. */
export function createOperatorKey(deps: Dependencies, name: string): Promise<Result<CreatedKey>> {
  return createAndStore(deps, OPERATOR_TENANT_ID, { scopes: [], name });
}

/** Whose records are looked through for a key: the caller's own, or for an operator those of the tenant that the id names. */
export const ownerOfKey = (by: Principal, keyId: string): string =>
  by.kind === 'tenant' ? by.tenantId : (tenantOfKey(keyId) ?? OPERATOR_TENANT_ID);

const NO_SUCH_KEY: Rejection = { code: 'not_found', detail: 'There is no such key.' };

/**
 * Revokes a key for good; whoever has seen it in front of the API forgets it within 30 s. A tenant revokes its own keys
 * only, an operator any.
 *
 * Rejections: `not_found`, `contended`.
 */
export async function revokeKey(
  deps: Dependencies,
  by: Principal,
  keyId: string,
): Promise<Result<undefined>> {
  const tenantId = tenantOfKey(keyId);
  const isTheirs = by.kind === 'operator' || by.tenantId === tenantId;
  if (tenantId === undefined || !isTheirs) return reject(NO_SUCH_KEY);
  const revokedAtMs = deps.clock.now();
  const home = await keyHome(deps, tenantId);
  const commit = await home.commit([
    {
      entity: 'apiKey',
      key: { tenantId, keyId },
      conditions: [{ is: 'present' }, { is: 'missing', field: 'revokedAtMs' }],
      effect: { does: 'update', changes: [{ change: 'set', field: 'revokedAtMs', value: revokedAtMs }] },
    },
  ]);
  if (commit.outcome === 'contended') return reject(CONTENDED);
  if (commit.outcome === 'committed') return succeed(undefined);
  // A key that is revoked already is as the caller wants it.
  if (commit.images.get(0) !== undefined) return succeed(undefined);
  return reject(NO_SUCH_KEY);
}
