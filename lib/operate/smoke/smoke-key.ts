/** Whose key it is, and the key that the checks are made with. */
import * as z from 'zod';
import { expectBody, expectStatus } from './expect-answer.ts';
import { CheckFailure } from './run-checks.ts';
import type { AskStage } from './stage-client.ts';

const TENANT = 'smoke';

const newKey = z.object({ keyId: z.string(), secret: z.string() });

export interface SmokeKey {
  readonly secret: string;
  /** Takes back the key that was made for this run. @default none was made */
  readonly revoke?: () => Promise<void>;
}

async function makeKey(ask: AskStage, operatorKey: string): Promise<SmokeKey> {
  const tenant = { tenantId: TENANT, name: 'Smoke test', tier: 'standard' };
  const creation = { method: 'POST', path: '/tenants', key: operatorKey, body: tenant } as const;
  const { status } = await expectStatus(ask, creation, [201, 409, 403]);
  if (status === 403) {
    throw new CheckFailure(
      "the key is no operator's, and may not read; a tenant's needs read, write and admin",
    );
  }
  const body = { scopes: ['read', 'write', 'admin'], name: 'smoke test, revoked when it ends' };
  const request = { method: 'POST', path: `/tenants/${TENANT}/keys`, key: operatorKey, body } as const;
  const { keyId, secret } = await expectBody(ask, request, { status: 201, schema: newKey });
  const revocation = { method: 'DELETE', path: `/keys/${keyId}`, key: operatorKey } as const;
  return { secret, revoke: async () => void (await expectStatus(ask, revocation, [204])) };
}

/**
 * The key to check with: a tenant's as it is; with an operator's, a new one of the tenant `smoke`, which is made if it
 * is not there.
 */
export async function openKey(ask: AskStage, given: string): Promise<SmokeKey> {
  const probe = { method: 'GET', path: '/products?limit=1', key: given } as const;
  const { status } = await expectStatus(ask, probe, [200, 403]);
  return status === 200 ? { secret: given } : makeKey(ask, given);
}
