/**
 * A location that is owed units (a shortage, or less kept back than its safety stock) recalls its quotas in all
 * regions: they give home what they have, and what comes back to them. The stock says so, with the version that
 * changed it; each quota follows the newest it has heard of, so that news may come late, twice or not in order.
 */
import { putGrant } from '../domain/grant-change.ts';
import type { GuardedWrite, GuardedWriteOf } from '../domain/guarded-write.ts';
import { FIRST_SHARD, type Quota } from '../domain/quota.ts';
import { changeQuota } from '../domain/quota-change.ts';
import type { Stock } from '../domain/stock.ts';
import { backOff } from './back-off.ts';
import { draftGrant } from './give-units.ts';
import type { Dependencies } from './ports.ts';

/** How often a quota is told anew after it had changed meanwhile. */
const ATTEMPTS_MAX = 20;

/** What a stock says of its quotas. */
export type Recall = Pick<Stock, 'tenantId' | 'sku' | 'locationId' | 'region'> & {
  readonly recalled: boolean;
  readonly recallVersion: number;
};

function recallWrites(deps: Dependencies, recall: Recall, quota: Quota | undefined): GuardedWrite[] {
  const { tenantId, sku, locationId, region: home, recalled, recallVersion } = recall;
  const key = { tenantId, sku, locationId, region: deps.region, shard: FIRST_SHARD };
  const available = recalled ? (quota?.available ?? 0) : 0;
  const change = changeQuota(key, {
    available: -available || 0,
    promised: 0,
    recalled,
    recallVersion,
    // Whoever takes the last must know that they were the last.
    ...(recalled ? { expectAvailable: available } : {}),
  });
  if (available === 0) return [change];
  const move = { tenantId, sku, locationId, home, quantity: available };
  return [change, putGrant(draftGrant(deps, move, { to: home, reason: 'home' }))];
}

/**
 * Lets the quota of the region that is acted in follow its stock. Safe to repeat, late or out of order.
 *
 * @returns the writes that did it, none if it was done before; `undefined` when others were in the way.
 */
export async function followRecall(
  deps: Dependencies,
  recall: Recall,
): Promise<readonly GuardedWrite[] | undefined> {
  if (recall.region === deps.region) return [];
  const { tenantId, sku, locationId } = recall;
  const key = { tenantId, sku, locationId, region: deps.region, shard: FIRST_SHARD };
  let quota = await deps.store.get('quota', key, 'strong');
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if ((quota?.recallVersion ?? 0) >= recall.recallVersion) return [];
    const writes = recallWrites(deps, recall, quota);
    const commit = await deps.store.commit(writes);
    if (commit.outcome === 'contended') return undefined;
    if (commit.outcome === 'committed') return writes;
    quota = commit.images.get(0) as Quota | undefined;
    await backOff(deps, attempt);
  }
  return undefined;
}

/** The recall that a written stock announces; `undefined` when it changes nothing about it. */
export function announcedRecall({ key, effect }: GuardedWriteOf<'stock'>): Recall | undefined {
  if (effect.does !== 'update') return undefined;
  const set = new Map(
    effect.changes.flatMap((change) =>
      change.change === 'set' ? [[change.field, change.value] as const] : [],
    ),
  );
  const recallVersion = set.get('recallVersion');
  if (typeof recallVersion !== 'number') return undefined;
  return { ...key, region: String(set.get('region')), recalled: set.get('recalled') === true, recallVersion };
}
