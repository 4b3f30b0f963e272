import type { ClaimDirectory, Clock, SeenClaims, Store } from './ports.ts';

/** How long claims are remembered once they are read: a refusal may rest on knowledge up to a second old. */
const REMEMBERED_MS = 1000;

/** Skus remembered in one environment; the oldest is forgotten first. */
const SKUS_MAX = 200;

/** Reservations that a hint looks at: the oldest holds are the next to end. */
const HINT_RESERVATIONS = 100;

interface Remembered {
  readonly claims: Promise<SeenClaims>;
  /** Set when the read has ended: a read that takes longer than a second must not begin anew at once. */
  readAtMs?: number;
}

/**
 * Remembers for a second who holds units of a sku, with one read in flight for each: when a sku sells out,
 * a hundred buyers for each unit must not each walk the index of its holds.
 */
export function createClaimDirectory(store: Store, clock: Clock): ClaimDirectory {
  const remembered = new Map<string, Remembered>();

  const remember = (id: string, read: () => Promise<SeenClaims>): Promise<SeenClaims> => {
    const known = remembered.get(id);
    const isFresh = known !== undefined && clock.now() - (known.readAtMs ?? clock.now()) < REMEMBERED_MS;
    if (isFresh) return known.claims;
    const entry: Remembered = { claims: read() };
    remembered.delete(id);
    remembered.set(id, entry);
    entry.claims.then(
      () => {
        entry.readAtMs = clock.now();
      },
      () => remembered.delete(id),
    );
    const [oldest] = remembered.keys();
    if (remembered.size > SKUS_MAX && oldest !== undefined) remembered.delete(oldest);
    return entry.claims;
  };

  return {
    on: (tenantId, sku) => remember(`all#${tenantId}#${sku}`, () => store.claimsSeen(tenantId, sku)),
    oldestOn: (tenantId, sku) =>
      remember(`oldest#${tenantId}#${sku}`, () => store.claimsSeen(tenantId, sku, HINT_RESERVATIONS)),
  };
}
