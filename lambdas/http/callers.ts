import type { Caller, Idempotency } from '../../lib/application/ports.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { TenantPrincipal } from './principal.ts';

/** Who asks, as the use cases want to know it. */
export const callerOf = ({ principal }: { readonly principal: TenantPrincipal }): Caller => ({
  tenantId: principal.tenantId,
  actor: principal.keyId,
});

/** The idempotency of a request: its key, and the fingerprint of its parsed body. */
export const idempotencyOf = (request: {
  readonly idempotencyKey: string;
  readonly body: unknown;
}): Idempotency => ({ key: request.idempotencyKey, fingerprint: fingerprintOf(request.body) });

/** The header that tells a retry from a first answer. */
export const replayHeader = ({ replayed }: { readonly replayed: boolean }) =>
  replayed ? { headers: { 'Idempotency-Replayed': 'true' } } : {};
