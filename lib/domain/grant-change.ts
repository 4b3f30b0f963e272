/** Grants and acceptances, as guarded writes. Each belongs into one transaction with the quota it changes. */
import type { Acceptance, Grant } from './grant.ts';
import { ABSENT, type GuardedWriteOf } from './guarded-write.ts';
import { ACCEPTANCE_KEPT_MS, GRANT_CHECK_MS } from './limits.ts';

/** Stores a grant, beside the change that takes its units from the giver's quota. */
export function putGrant(grant: Grant): GuardedWriteOf<'grant'> {
  const { tenantId, sku, grantId } = grant;
  return {
    entity: 'grant',
    key: { tenantId, sku, grantId },
    conditions: [ABSENT],
    effect: { does: 'put', record: grant },
  };
}

/** Stores the acceptance of a grant, beside the change that gives its units to the taker. */
export function putAcceptance(grant: Grant, atMs: number): GuardedWriteOf<'acceptance'> {
  const { tenantId, sku, locationId, grantId, from, to, quantity } = grant;
  const acceptance: Acceptance = {
    tenantId,
    sku,
    locationId,
    grantId,
    from,
    to,
    quantity,
    acceptedAtMs: atMs,
    checkDueAtMs: atMs + ACCEPTANCE_KEPT_MS,
  };
  return {
    entity: 'acceptance',
    key: { tenantId, grantId },
    conditions: [ABSENT],
    effect: { does: 'put', record: acceptance },
  };
}

/** Ends a grant whose acceptance the giver has seen. */
export function deleteGrant({ tenantId, sku, grantId }: Grant | Acceptance): GuardedWriteOf<'grant'> {
  return { entity: 'grant', key: { tenantId, sku, grantId }, conditions: [], effect: { does: 'delete' } };
}

/** A grant that nobody could accept is looked at again later. */
export function postponeGrant(grant: Grant, nowMs: number): GuardedWriteOf<'grant'> {
  const { tenantId, sku, grantId, checkDueAtMs } = grant;
  return {
    entity: 'grant',
    key: { tenantId, sku, grantId },
    conditions: [{ is: 'equal', field: 'checkDueAtMs', value: checkDueAtMs }],
    effect: { does: 'put', record: { ...grant, checkDueAtMs: nowMs + GRANT_CHECK_MS } },
  };
}

/**
 * What becomes of an acceptance that is looked at: forgotten once its grant has been absent for long enough,
 * looked at again otherwise.
 */
export function reviewAcceptance(
  acceptance: Acceptance,
  grant: Grant | undefined,
  nowMs: number,
): GuardedWriteOf<'acceptance'> {
  const { absentSinceMs, ...rest } = acceptance;
  const key = { tenantId: acceptance.tenantId, grantId: acceptance.grantId };
  const conditions = [{ is: 'equal', field: 'checkDueAtMs', value: acceptance.checkDueAtMs } as const];
  const isGone =
    grant === undefined && absentSinceMs !== undefined && nowMs >= absentSinceMs + ACCEPTANCE_KEPT_MS;
  if (isGone) return { entity: 'acceptance', key, conditions, effect: { does: 'delete' } };
  const absent = grant === undefined ? { absentSinceMs: absentSinceMs ?? nowMs } : {};
  const record: Acceptance = { ...rest, ...absent, checkDueAtMs: nowMs + ACCEPTANCE_KEPT_MS };
  return { entity: 'acceptance', key, conditions, effect: { does: 'put', record } };
}
