/**
 * A rollup: all that one region has heard of a sku, in one record, so that a question is answered by one read. It
 * keeps the last value of each thing it was told of, with that thing's version, and never a sum of differences: what
 * comes twice, late or out of order changes nothing.
 */
import type { Product } from './catalogue.ts';
import type { DomainEvent } from './event.ts';
import type { Quota } from './quota.ts';
import type { Stock } from './stock.ts';

export interface RollupKey {
  readonly tenantId: string;
  readonly sku: string;
}

export interface CommittedUnits {
  readonly locationId: string;
  readonly units: number;
}

/** Units that a reservation has confirmed and not shipped, as its last change said. */
export interface SeenReservation {
  /** As in lists. */
  readonly id: string;
  readonly version: number;
  /** When this region heard of it. */
  readonly seenAtMs: number;
  readonly committed: readonly CommittedUnits[];
}

/** `out`: nothing may be promised. `low`: less than the safety stock. */
export type StockLevelName = 'in' | 'low' | 'out';

export interface RollupProduct {
  readonly status: 'active' | 'archived';
  readonly safetyStock: number;
  readonly version: number;
}

export type RollupStock = Pick<
  Stock,
  'locationId' | 'region' | 'onHand' | 'keptBack' | 'shortage' | 'version'
>;
export type RollupQuota = Pick<
  Quota,
  'locationId' | 'region' | 'shard' | 'available' | 'promised' | 'version'
>;

/** What a region has heard of a sku: the newest of each thing, each with its version. */
export interface Heard {
  readonly product?: RollupProduct;
  readonly stocks: readonly RollupStock[];
  readonly quotas: readonly RollupQuota[];
  /** Changes that the index of open reservations may not show yet. */
  readonly recent: readonly SeenReservation[];
}

export interface Rollup extends RollupKey, Heard {
  /** The region that keeps it. */
  readonly region: string;
  /** Confirmed and not shipped, by location. */
  readonly committed: readonly CommittedUnits[];
  /** Absent: no quota was ever heard of. */
  readonly level?: StockLevelName;
  /** Events of this record that nobody has taken yet. */
  readonly unsentEvents: readonly DomainEvent[];
  /** When this region last heard of a change. */
  readonly asOfMs: number;
  readonly version: number;
}

/** Heard of nothing. */
export const NOTHING_HEARD: Heard = { stocks: [], quotas: [], recent: [] };

/**
 * An index shows a write after a moment, hardly ever after more than a second. A change is kept beside it for so
 * long that an index that is in trouble has caught up as well.
 */
export const RECENT_MS = 60_000;

/** Each is 130 bytes: so many keep the rollup of a hot sku below 10 KB. */
export const RECENT_MAX = 64;

/** A level that flaps while nobody takes its events must not fill the record; of old ones nobody wants to hear. */
const UNSENT_EVENTS_MAX = 100;

/** What records say of their sku. */
export function heardOf({
  product,
  stocks = [],
  quotas = [],
}: {
  readonly product?: Product | undefined;
  readonly stocks?: readonly Stock[];
  readonly quotas?: readonly Quota[];
}): Heard {
  return {
    ...(product && {
      product: { status: product.status, safetyStock: product.safetyStock, version: product.version },
    }),
    stocks: stocks.map(({ locationId, region, onHand, keptBack, shortage, version }) => {
      return { locationId, region, onHand, keptBack, shortage, version };
    }),
    quotas: quotas.map(({ locationId, region, shard, available, promised, version }) => {
      return { locationId, region, shard, available, promised, version };
    }),
    recent: [],
  };
}

const placeOf = ({ locationId }: RollupStock): string => locationId;
const shardOf = ({ locationId, region, shard }: RollupQuota): string => `${locationId}#${region}#${shard}`;
const idOf = ({ id }: SeenReservation): string => id;

/** The known list itself when nothing is newer; else a new one, in the order of the ids. */
function newest<Entry extends { readonly version: number }>(
  known: readonly Entry[],
  news: readonly Entry[],
  nameOf: (entry: Entry) => string,
): readonly Entry[] {
  if (news.length === 0) return known;
  const byName = new Map(known.map((entry) => [nameOf(entry), entry]));
  let isChanged = false;
  for (const entry of news) {
    const there = byName.get(nameOf(entry));
    if (there !== undefined && there.version >= entry.version) continue;
    byName.set(nameOf(entry), entry);
    isChanged = true;
  }
  if (!isChanged) return known;
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/**
 * What is known once the news are heard: the newest of each thing. In whatever order, grouping and number the same
 * news come, they end in the same; what is not newer leaves the known object's lists as they are.
 */
export function mergeRollup(known: Heard = NOTHING_HEARD, news: Heard = NOTHING_HEARD): Heard {
  const isNews = news.product !== undefined && news.product.version > (known.product?.version ?? 0);
  const product = isNews ? news.product : known.product;
  return {
    ...(product === undefined ? {} : { product }),
    stocks: newest(known.stocks, news.stocks, placeOf),
    quotas: newest(known.quotas, news.quotas, shardOf),
    recent: newest(known.recent, news.recent, idOf),
  };
}

/** The changes that the index may not show yet. */
export const youngOf = (recent: readonly SeenReservation[], nowMs: number): readonly SeenReservation[] =>
  recent.filter(({ seenAtMs }) => nowMs - seenAtMs < RECENT_MS);

/** Those of them that are kept: the last ones. */
export function recentOf(recent: readonly SeenReservation[], nowMs: number): readonly SeenReservation[] {
  const young = youngOf(recent, nowMs);
  if (young.length <= RECENT_MAX) return young;
  const last = new Set([...young].sort((a, b) => b.seenAtMs - a.seenAtMs).slice(0, RECENT_MAX));
  return young.filter((seen) => last.has(seen));
}

/** The events that wait to be taken, the last ones. */
export const waiting = (events: readonly DomainEvent[]): readonly DomainEvent[] =>
  events.slice(-UNSENT_EVENTS_MAX);
