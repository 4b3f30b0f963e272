import type { SeenClaim } from '../domain/unit-claims.ts';
import type { ClaimDirectory, Clock, Store } from './ports.ts';

/** A refusal may rest on knowledge up to a second old, and so may the split of promised into held and committed. */
const REMEMBERED_MS = 1000;

/** Skus remembered in one environment; the oldest is forgotten first. */
const SKUS_MAX = 200;

/**
 * Remembers for a second who holds units of a sku, with one read in flight for each: when a sku sells out,
 * a hundred buyers for each unit must not each walk the index of its holds.
 */
export function createClaimDirectory(store: Store, clock: Clock): ClaimDirectory {
  const remembered = new Map<
    string,
    { readonly readAtMs: number; readonly claims: Promise<readonly SeenClaim[]> }
  >();

  return {
    on(tenantId, sku) {
      const id = `${tenantId}#${sku}`;
      const known = remembered.get(id);
      if (known !== undefined && clock.now() - known.readAtMs < REMEMBERED_MS) return known.claims;
      const claims = store.claimsSeen(tenantId, sku);
      remembered.delete(id);
      remembered.set(id, { readAtMs: clock.now(), claims });
      claims.catch(() => remembered.delete(id));
      const [oldest] = remembered.keys();
      if (remembered.size > SKUS_MAX && oldest !== undefined) remembered.delete(oldest);
      return claims;
    },
  };
}
