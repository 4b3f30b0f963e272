/**
 * Turns the keys that the service keeps in secrets: the operators' first one, and the canary's. Each step may be done
 * again after it broke off. Two keys work at any time, the current and the one before: whoever read the secret a moment
 * ago is not locked out.
 */
import { CANARY_TENANT_ID, OPERATOR_TENANT_ID, type Scope } from '../domain/access.ts';
import type { Rejection } from '../domain/rejection.ts';
import { parseApiKey } from './api-key-format.ts';
import { createAuthenticator } from './authenticate.ts';
import { createTenant, makeApiKey, revokeKey, storeApiKey } from './manage-keys.ts';
import type { Dependencies } from './ports.ts';

/** One turn of one secret. */
export interface TurningSecret {
  /** The key of this turn; `undefined` before it was proposed. */
  pending(): Promise<string | undefined>;
  /** The key that the turn before this one replaced; `undefined` for the first turns. */
  previous(): Promise<string | undefined>;
  /** Whether this turn is done. */
  isCurrent(): Promise<boolean>;
  propose(key: string): Promise<void>;
  /** Makes the key of this turn the current one, and the current one the previous. */
  promote(): Promise<void>;
}

/** Whose key a secret holds. */
export type KeyHolder = 'operator' | 'canary';

interface Holder {
  readonly tenantId: string;
  readonly scopes: readonly Scope[];
}

const HOLDERS: Record<KeyHolder, Holder> = {
  operator: { tenantId: OPERATOR_TENANT_ID, scopes: [] },
  canary: { tenantId: CANARY_TENANT_ID, scopes: ['read', 'write', 'admin'] },
};

const KEY_NAME = 'kept in a secret, turned by itself';

/** What a turn of the secret consists of, in this order. */
export interface KeyRotation {
  create(): Promise<void>;
  register(): Promise<void>;
  test(): Promise<void>;
  finish(): Promise<void>;
}

function must(what: string, result: { readonly ok: boolean; readonly rejection?: Rejection }): void {
  if (!result.ok) throw new Error(`${what} was refused: ${result.rejection?.code}`);
}

async function pendingOf(secret: TurningSecret): Promise<string> {
  const pending = await secret.pending();
  if (pending === undefined) throw new Error('The secret has no key for this turn');
  return pending;
}

async function ensureTenant(deps: Dependencies, tenantId: string): Promise<void> {
  if (tenantId === OPERATOR_TENANT_ID || (await deps.tenants.find(tenantId)) !== undefined) return;
  const created = await createTenant(deps, { tenantId, name: 'Canary', tier: 'unlimited' });
  if (!created.ok && created.rejection.code !== 'tenant_exists') must('The tenant of the canary', created);
}

/** @throws an Error from a step that could not be done; nothing is lost by doing it again. */
export function rotateServiceKey(deps: Dependencies, secret: TurningSecret, holder: KeyHolder): KeyRotation {
  const { tenantId, scopes } = HOLDERS[holder];
  return {
    async create() {
      if ((await secret.pending()) === undefined) await secret.propose(makeApiKey(deps, tenantId));
    },
    async register() {
      await ensureTenant(deps, tenantId);
      must('The key', await storeApiKey(deps, await pendingOf(secret), { scopes, name: KEY_NAME }));
    },
    async test() {
      const principal = await createAuthenticator(deps, 0)(await pendingOf(secret));
      if (principal === undefined) throw new Error('The new key does not work');
    },
    async finish() {
      if (await secret.isCurrent()) return;
      const retired = parseApiKey((await secret.previous()) ?? '');
      // Before the promotion: after it the previous key is another one, which must go on working.
      if (retired !== undefined) {
        must('Revoking', await revokeKey(deps, { kind: 'operator', keyId: 'rotation' }, retired.keyId));
      }
      await secret.promote();
    },
  };
}
