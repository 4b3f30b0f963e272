/** The rollups of a region follow what its stream shows, its own changes and replicated ones. */
import {
  type Heard,
  heardOf,
  mergeRollup,
  type Rollup,
  type RollupKey,
  recentOf,
  youngOf,
} from '../domain/rollup.ts';
import { levelOf } from '../domain/stock-level.ts';
import { committedUnits } from '../domain/stock-view.ts';
import type { SeenClaim } from '../domain/unit-claims.ts';
import { backOff } from './back-off.ts';
import { unsentEvents } from './level-events.ts';
import { type Dependencies, type Outlets, type RecordChange, StoreUnavailableError } from './ports.ts';
import { type SkuNews, stockNews } from './stock-news.ts';

type FollowDependencies = Dependencies & { readonly outlets: Pick<Outlets, 'events'> };

/** Of those who change one rollup at once each gets its turn; a sku is followed by a few environments at most. */
const ATTEMPTS_MAX = 8;

/** Skus followed side by side: enough to hide the latency of the table, few enough not to crowd its connections. */
const SKUS_AT_ONCE = 10;

const isChanged = (known: Rollup | undefined, heard: Heard): boolean =>
  known === undefined ||
  known.product !== heard.product ||
  known.stocks !== heard.stocks ||
  known.quotas !== heard.quotas ||
  known.recent !== heard.recent;

/**
 * What is known before the news. Of a sku without a rollup that is all that this replica has: the read model may be
 * younger than the sku, or may have been lost.
 */
async function knownBefore(
  { store }: Dependencies,
  { tenantId, sku }: SkuNews,
  known: Rollup | undefined,
): Promise<Heard> {
  return known ?? heardOf(await store.readSku(tenantId, sku, 'strong'));
}

/** Reads who claims units of a sku, as the index shows it. */
type ReadClaims = (key: RollupKey) => Promise<readonly SeenClaim[]>;

/**
 * Reads what all skus of a tenant share once for a batch: a confirmed cart alters every sku in it. It is some seconds
 * old for the last of them, which is less than changes are kept beside the index.
 */
function claimsOfBatch({ store }: Dependencies): ReadClaims {
  const among = new Map<string, Promise<readonly SeenClaim[]>>();
  const amongOf = (tenantId: string) => {
    const reading = among.get(tenantId) ?? store.claimsSeenAmong(tenantId);
    among.set(tenantId, reading);
    return reading;
  };
  return async ({ tenantId, sku }) =>
    (await Promise.all([amongOf(tenantId), store.claimsSeenAlone(tenantId, sku)])).flat();
}

/** What is there, and how to find out the rest. */
interface Known {
  readonly known: Rollup | undefined;
  readonly readClaims: ReadClaims;
}

/** Who claims units is asked when a reservation says something new. The index may not show it yet: it wins. */
async function committedNow(
  { clock }: Dependencies,
  { known, heard, key, readClaims }: Known & { readonly heard: Heard; readonly key: RollupKey },
): Promise<Rollup['committed']> {
  if (known !== undefined && heard.recent === known.recent) return known.committed;
  return committedUnits(await readClaims(key), key.sku, youngOf(heard.recent, clock.now()));
}

/** The rollup with the news in it; `undefined` when nothing of it is new. */
async function withNews(
  deps: FollowDependencies,
  news: SkuNews,
  { known, readClaims }: Known,
): Promise<Rollup | undefined> {
  const { tenantId, sku } = news;
  const heard = mergeRollup(await knownBefore(deps, news, known), news.heard);
  if (!isChanged(known, heard)) return undefined;
  const committed = await committedNow(deps, { known, heard, key: news, readClaims });
  const asOfMs = deps.clock.now();
  const level = levelOf(heard);
  const next = {
    tenantId,
    sku,
    region: deps.region,
    ...heard,
    recent: recentOf(heard.recent, asOfMs),
    committed,
    ...(level === undefined ? {} : { level }),
    asOfMs,
    version: (known?.version ?? 0) + 1,
  };
  return { ...next, unsentEvents: await unsentEvents(deps, known, next) };
}

/**
 * Sends what waits in a rollup, and notes that it was taken. If somebody changes the rollup meanwhile it is sent
 * once more with that change: an event may come twice, and is the same then.
 *
 * @returns whether all was taken: what was not must be tried again, though the sku may never change any more.
 */
async function sendEvents({ outlets, readModel }: FollowDependencies, rollup: Rollup): Promise<boolean> {
  const { unsentEvents, version } = rollup;
  if (unsentEvents.length === 0) return true;
  const left = await outlets.events.send(unsentEvents);
  const rest = unsentEvents.filter(({ id }) => left.has(id));
  if (rest.length < unsentEvents.length) {
    await readModel.put({ ...rollup, unsentEvents: rest, version: version + 1 });
  }
  return rest.length === 0;
}

/** @returns whether the rollup says what the news say, and everybody was told. */
async function followSku(deps: FollowDependencies, news: SkuNews, readOfBatch: ReadClaims): Promise<boolean> {
  let known = await deps.readModel.get(news, 'strong');
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    // Whoever was refused knows less than what is there, and asks anew.
    const readClaims = attempt === 0 ? readOfBatch : claimsOfBatch(deps);
    const next = await withNews(deps, news, { known, readClaims });
    if (next === undefined) return known === undefined || sendEvents(deps, known);
    const put = await deps.readModel.put(next);
    if (put.outcome === 'stored') return sendEvents(deps, next);
    known = put.there;
    await backOff(deps, attempt);
  }
  return false;
}

/** @returns the changes that must be shown again. */
async function tryToFollow(
  deps: FollowDependencies,
  news: SkuNews,
  readClaims: ReadClaims,
): Promise<readonly number[]> {
  try {
    return (await followSku(deps, news, readClaims)) ? [] : news.indexes;
  } catch (error) {
    if (error instanceof StoreUnavailableError) return news.indexes;
    throw error;
  }
}

/**
 * Notes how far the changes of this region were followed. One that is lost is made good by the next sign of life, in
 * a few seconds.
 */
async function followWatermark(deps: FollowDependencies, changes: readonly RecordChange[]): Promise<void> {
  const beats = changes.flatMap(({ entity, after }) =>
    entity === 'regionState' && after?.region === deps.region ? [after.beatAtMs] : [],
  );
  if (beats.length === 0) return;
  try {
    await deps.readModel.setWatermark({ writtenAtMs: Math.max(...beats), seenAtMs: deps.clock.now() });
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
  }
}

/**
 * Carries changes over to the rollups of this region: one write for each sku of the batch, and none when it says
 * nothing new.
 *
 * @returns the indexes of the changes that must be shown again.
 */
export async function followStock(
  deps: FollowDependencies,
  changes: readonly RecordChange[],
): Promise<ReadonlySet<number>> {
  const news = await stockNews(deps, changes);
  const failed = new Set<number>();
  const readClaims = claimsOfBatch(deps);
  for (let start = 0; start < news.length; start += SKUS_AT_ONCE) {
    const batch = news.slice(start, start + SKUS_AT_ONCE);
    const indexes = await Promise.all(batch.map((one) => tryToFollow(deps, one, readClaims)));
    for (const index of indexes.flat()) failed.add(index);
  }
  // What was not followed must not be said to be known.
  if (failed.size === 0) await followWatermark(deps, changes);
  return failed;
}
