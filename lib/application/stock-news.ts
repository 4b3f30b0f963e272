/** What a batch of changes says of each sku, for its rollup. */
import { listIdOf } from '../domain/identifiers.ts';
import type { Reservation } from '../domain/reservation.ts';
import {
  type CommittedUnits,
  type Heard,
  heardOf,
  mergeRollup,
  NOTHING_HEARD,
  type RollupKey,
  type SeenReservation,
} from '../domain/rollup.ts';
import { committedUnits } from '../domain/stock-view.ts';
import { claimOf } from '../domain/unit-claims.ts';
import { currentReservations } from './current-reservations.ts';
import type { Dependencies, RecordChange } from './ports.ts';

/** What is news of one sku, and which changes of the batch it is from. */
export interface SkuNews extends RollupKey {
  readonly heard: Heard;
  readonly indexes: readonly number[];
}

const isSame = (a: readonly CommittedUnits[], b: readonly CommittedUnits[]): boolean =>
  a.length === b.length &&
  a.every(({ locationId, units }, index) => b[index]?.locationId === locationId && b[index]?.units === units);

/** The skus of which a change altered how many units are committed. */
function alteredSkus({
  before,
  after,
}: {
  readonly before?: Reservation;
  readonly after: Reservation;
}): string[] {
  // Once for all skus: a claim is a fold over the whole history.
  const was = before === undefined ? [] : [claimOf(before)];
  const is = [claimOf(after)];
  const skus = new Set(after.lines.map(({ sku }) => sku));
  return [...skus].filter((sku) => !isSame(committedUnits(was, sku), committedUnits(is, sku)));
}

/** News of the record itself: a stock, a quota or a product. */
function newsOfRecord({
  entity,
  after,
}: RecordChange): { readonly key: RollupKey; readonly heard: Heard } | undefined {
  if (after === undefined) return undefined;
  switch (entity) {
    case 'product':
      return { key: after, heard: heardOf({ product: after }) };
    case 'stock':
      return { key: after, heard: heardOf({ stocks: [after] }) };
    case 'quota':
      return { key: after, heard: heardOf({ quotas: [after] }) };
    default:
      return undefined;
  }
}

/** Gathers what a batch says, sku by sku. */
class Gathered {
  readonly #bySku = new Map<string, RollupKey & { heard: Heard; readonly indexes: number[] }>();

  add({ tenantId, sku }: RollupKey, heard: Heard, index: number): void {
    const id = `${tenantId}#${sku}`;
    const known = this.#bySku.get(id) ?? { tenantId, sku, heard: NOTHING_HEARD, indexes: [] };
    known.heard = mergeRollup(known.heard, heard);
    known.indexes.push(index);
    this.#bySku.set(id, known);
  }

  all(): SkuNews[] {
    return [...this.#bySku.values()];
  }
}

/** What the changes say of skus; those that say nothing are left out. */
export async function stockNews(deps: Dependencies, changes: readonly RecordChange[]): Promise<SkuNews[]> {
  const reservations = changes.filter((change) => change.entity === 'reservation');
  const current = await currentReservations(deps, reservations);
  const seenAtMs = deps.clock.now();
  const gathered = new Gathered();
  for (const [index, change] of changes.entries()) {
    const news = newsOfRecord(change);
    if (news !== undefined) gathered.add(news.key, news.heard, index);
    if (change.entity !== 'reservation' || change.after === undefined) continue;
    const { after } = change;
    const now = current.get(listIdOf(after)) ?? after;
    const altered = alteredSkus({ ...change, after });
    const claims = altered.length === 0 ? [] : [claimOf(now)];
    for (const sku of altered) {
      const seen: SeenReservation = {
        id: listIdOf(now),
        version: now.version,
        seenAtMs,
        committed: committedUnits(claims, sku),
      };
      gathered.add({ tenantId: after.tenantId, sku }, { ...NOTHING_HEARD, recent: [seen] }, index);
    }
  }
  return gathered.all();
}
