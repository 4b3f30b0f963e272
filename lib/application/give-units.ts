/** Units leave a region's quotas for those of another region: one transaction in the region that gives. */
import type { Grant, GrantReason } from '../domain/grant.ts';
import { putGrant } from '../domain/grant-change.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import { GRANT_CHECK_MS } from '../domain/limits.ts';
import { FIRST_SHARD } from '../domain/quota.ts';
import { changeQuota, grantAway } from '../domain/quota-change.ts';
import type { Dependencies } from './ports.ts';

/** Digits of a grant's id: enough that no two are ever equal. */
const GRANT_ID_DIGITS = 32;

/** Two writes each, of the 100 that DynamoDB takes in one transaction. */
const GRANTS_PER_COMMIT = 50;

/** Units of one quota that shall move. */
export interface UnitMove {
  readonly tenantId: string;
  readonly sku: string;
  readonly locationId: string;
  /** The location's home region. */
  readonly home: string;
  readonly quantity: number;
}

/** A grant of the region that is acted in. */
export function draftGrant(
  deps: Dependencies,
  move: UnitMove,
  why: { readonly to: string; readonly reason: GrantReason },
): Grant {
  const grantedAtMs = deps.clock.now();
  return {
    ...move,
    grantId: `grt.${deps.random.hex(GRANT_ID_DIGITS)}`,
    from: deps.region,
    ...why,
    grantedAtMs,
    checkDueAtMs: grantedAtMs + GRANT_CHECK_MS,
  };
}

/** The writes that take a grant's units from the quota of its giver, and send them off. */
export function grantWrites(grant: Grant): GuardedWrite[] {
  const { tenantId, sku, locationId, from: region, quantity } = grant;
  const key = { tenantId, sku, locationId, region, shard: FIRST_SHARD };
  return [changeQuota(key, grantAway(quantity)), putGrant(grant)];
}

/**
 * Lets units go, all of them or none: somebody else may have taken some meanwhile.
 *
 * @returns the grants, which nobody has accepted yet.
 */
export async function giveUnits(
  deps: Dependencies,
  moves: readonly UnitMove[],
  why: { readonly to: string; readonly reason: GrantReason },
): Promise<readonly Grant[]> {
  const grants = moves.slice(0, GRANTS_PER_COMMIT).map((move) => draftGrant(deps, move, why));
  if (grants.length === 0) return [];
  const commit = await deps.store.commit(grants.flatMap(grantWrites));
  return commit.outcome === 'committed' ? grants : [];
}
