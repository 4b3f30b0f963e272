/** The lists of open holds of a region follow what its stream shows, of tenants that have caps. */
import type { Tier } from '../domain/access.ts';
import type { HoldCaps } from '../domain/hold-caps.ts';
import { listIdOf } from '../domain/identifiers.ts';
import {
  type HoldsKey,
  isListed,
  listedOneOf,
  mergeHolds,
  type OpenHolds,
  type SeenHold,
  seenHold,
} from '../domain/open-holds.ts';
import type { Reservation } from '../domain/reservation.ts';
import { backOff } from './back-off.ts';
import { currentReservations } from './current-reservations.ts';
import type { HoldBook } from './hold-book.ts';
import { type Dependencies, type RecordChange, StoreUnavailableError } from './ports.ts';
import { referenceHash } from './reference-hash.ts';

/** Of those who change one list at once each gets its turn. */
const ATTEMPTS_MAX = 8;

/** Lists followed side by side. */
const LISTS_AT_ONCE = 10;

/** Where holds are counted, and for whom. */
export interface HoldCounting {
  readonly book: HoldBook;
  /** @returns `undefined` for a tier without caps. */
  readonly capsOf: (tier: Tier) => HoldCaps | undefined;
}

type FollowDependencies = Dependencies & { readonly holdCounting: HoldCounting };

/** What is news of one list, and which changes of the batch it is from. */
interface HoldNews {
  readonly key: HoldsKey;
  readonly holds: SeenHold[];
  readonly indexes: number[];
}

/** A change of what was closed before, and is closed, says nothing of open holds. */
const concernsHolds = (change: RecordChange): change is RecordChange & { readonly after: Reservation } =>
  change.entity === 'reservation' &&
  change.after !== undefined &&
  (change.after.status === 'held' || change.before === undefined || change.before.status === 'held');

/** The lists that a reservation belongs to. */
async function listsOf(deps: FollowDependencies, reservation: Reservation): Promise<HoldsKey[]> {
  const { tenantId, reference } = reservation;
  const tenant = await deps.tenants.find(tenantId);
  const caps = tenant && deps.holdCounting.capsOf(tenant.tier);
  if (caps === undefined) return [];
  return [
    ...(isListed(reservation, listedOneOf(caps.openHolds)) ? [{ tenantId }] : []),
    ...(reference === undefined
      ? []
      : [{ tenantId, referenceHash: referenceHash(deps, tenantId, reference) }]),
  ];
}

/** Units matter for the share of one reference; the tenant's list is long enough without them. */
const forList = ({ referenceHash: hash }: HoldsKey, hold: SeenHold): SeenHold =>
  hash === undefined && hold.held !== undefined ? { ...hold, held: [] } : hold;

async function holdNews(deps: FollowDependencies, changes: readonly RecordChange[]): Promise<HoldNews[]> {
  const byList = new Map<string, HoldNews>();
  const current = await currentReservations(
    deps,
    changes.filter((change) => change.entity === 'reservation'),
  );
  for (const [index, change] of changes.entries()) {
    if (!concernsHolds(change)) continue;
    const hold = seenHold(current.get(listIdOf(change.after)) ?? change.after, deps.clock.now());
    for (const key of await listsOf(deps, change.after)) {
      const id = `${key.tenantId}#${key.referenceHash ?? ''}`;
      const news = byList.get(id) ?? { key, holds: [], indexes: [] };
      news.holds.push(forList(key, hold));
      news.indexes.push(index);
      byList.set(id, news);
    }
  }
  return [...byList.values()];
}

/** @returns whether the list says what the news say. */
async function followList(
  { clock, random, holdCounting }: FollowDependencies,
  news: HoldNews,
): Promise<boolean> {
  const { book } = holdCounting;
  let [known] = await book.read([news.key]);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const before: readonly SeenHold[] = known?.holds ?? [];
    const holds = mergeHolds(before, news.holds, clock.now());
    if (holds === before) return true;
    const next: OpenHolds = { ...news.key, holds, version: (known?.version ?? 0) + 1 };
    const put = await book.put(next);
    if (put.outcome === 'stored') return true;
    known = put.there;
    await backOff({ clock, random }, attempt);
  }
  return false;
}

/** @returns the changes that must be shown again. */
async function tryToFollow(deps: FollowDependencies, news: HoldNews): Promise<readonly number[]> {
  try {
    return (await followList(deps, news)) ? [] : news.indexes;
  } catch (error) {
    if (error instanceof StoreUnavailableError) return news.indexes;
    throw error;
  }
}

/**
 * Carries changes over to the lists of open holds: one write for each list of the batch, and none when it says nothing
 * new, or the tenant has no caps.
 *
 * @returns the indexes of the changes that must be shown again.
 */
export async function followHolds(
  deps: FollowDependencies,
  changes: readonly RecordChange[],
): Promise<ReadonlySet<number>> {
  const news = await holdNews(deps, changes);
  const failed = new Set<number>();
  for (let start = 0; start < news.length; start += LISTS_AT_ONCE) {
    const batch = news.slice(start, start + LISTS_AT_ONCE);
    const indexes = await Promise.all(batch.map((one) => tryToFollow(deps, one)));
    for (const index of indexes.flat()) failed.add(index);
  }
  return failed;
}
