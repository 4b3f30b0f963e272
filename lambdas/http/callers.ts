import type { Caller, Idempotency } from '../../lib/application/ports.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { TenantPrincipal } from './principal.ts';

/** Who asks, as the use cases want to know it. */
export const callerOf = ({ principal }: { readonly principal: TenantPrincipal }): Caller => ({
  tenantId: principal.tenantId,
  actor: principal.keyId,
});

/** The idempotency of a request: its key, the fingerprint of its parsed body, and by which id it can be found. */
export const idempotencyOf = (request: {
  readonly idempotencyKey: string;
  readonly body: unknown;
  readonly requestId: string;
}): Idempotency => ({
  key: request.idempotencyKey,
  fingerprint: fingerprintOf(request.body),
  requestId: request.requestId,
});

/** The header that tells a retry from a first answer. */
export const replayHeader = ({ replayed }: { readonly replayed: boolean }) =>
  replayed ? { headers: { 'Idempotency-Replayed': 'true' } } : {};
