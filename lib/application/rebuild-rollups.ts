/**
 * Computes rollups anew from the records of a region's replica, and says where they differed. For a read model that
 * was lost, or that nobody believes any more; a stream that follows meanwhile does no harm, and none is done to it.
 */
import type { Reservation } from '../domain/reservation.ts';
import {
  type Heard,
  heardOf,
  type Rollup,
  type RollupKey,
  type SeenReservation,
  youngOf,
} from '../domain/rollup.ts';
import { type RollupDifference, rollupDifferences } from '../domain/rollup-differences.ts';
import { levelOf } from '../domain/stock-level.ts';
import { committedUnits } from '../domain/stock-view.ts';
import { claimOf } from '../domain/unit-claims.ts';
import { backOff } from './back-off.ts';
import { type EventDependencies, unsentEvents } from './level-events.ts';
import type { Dependencies, RecordRef } from './ports.ts';

export type RebuildDependencies = Pick<Dependencies, 'store' | 'readModel' | 'clock' | 'random' | 'region'> &
  EventDependencies;

/** `wrong`: it differs, and was left as it is. `contended`: others changed it all the time. */
export interface RebuiltSku extends RollupKey {
  readonly region: string;
  readonly outcome: 'right' | 'wrong' | 'written' | 'contended';
  readonly differences: readonly RollupDifference[];
}

export interface RebuildOptions {
  /** @default all tenants */
  readonly tenantId?: string;
  /** Of that tenant. @default all skus */
  readonly sku?: string;
  /** Whether nothing is written. */
  readonly dryRun: boolean;
  /** Hears of each sku. */
  readonly report: (rebuilt: RebuiltSku) => void;
}

/** Whoever else changes a rollup is done in milliseconds; a sku that is hotter than that is followed anyway. */
const ATTEMPTS_MAX = 8;

/** Items looked at in one call of the walk: about as many as DynamoDB answers with. */
const PAGE = 1000;

/** Skus side by side: each is a few reads, and the live service must not feel them. */
const SKUS_AT_ONCE = 4;

/** The reservation that a list calls so. */
function refOf(tenantId: string, id: string): RecordRef {
  const [keyHash = '', region = ''] = id.split('.', 2);
  return { entity: 'reservation', key: { tenantId, keyHash, region } };
}

/** Who has confirmed units: by the index, which may be late, and of those that were heard of lately all the same. */
async function confirmedBy(
  { store, clock }: RebuildDependencies,
  { tenantId, sku }: RollupKey,
  known: Rollup | undefined,
): Promise<Pick<Rollup, 'committed' | 'recent'>> {
  const young = youngOf(known?.recent ?? [], clock.now());
  const [{ reservations }, found] = await Promise.all([
    store.claimsOn(tenantId, sku),
    store.getMany(
      young.map(({ id }) => refOf(tenantId, id)),
      'strong',
    ),
  ]);
  const recent = young.map((seen, index): SeenReservation => {
    const reservation = found[index] as Reservation | undefined;
    if (reservation === undefined) return { ...seen, committed: [] };
    return { ...seen, version: reservation.version, committed: committedUnits([claimOf(reservation)], sku) };
  });
  return { recent, committed: committedUnits(reservations.map(claimOf), sku, recent) };
}

/** What the rollup would be, had it heard of everything. It is read after the known one, so nothing in it is older. */
async function truthOf(
  deps: RebuildDependencies,
  key: RollupKey,
  known: Rollup | undefined,
): Promise<Heard & Pick<Rollup, 'committed' | 'level'>> {
  const { tenantId, sku } = key;
  const [records, confirmed] = await Promise.all([
    deps.store.readSku(tenantId, sku, 'strong'),
    confirmedBy(deps, key, known),
  ]);
  const heard = { ...heardOf(records), ...confirmed };
  const level = levelOf(heard);
  return level === undefined ? heard : { ...heard, level };
}

/**
 * Looks at one rollup, and mends it. What partners must hear of its level waits in it for the stream to be sent: the
 * stream may be about to bring what is known here already, and would find nothing new in it.
 */
async function rebuildSku(
  deps: RebuildDependencies,
  { tenantId, sku }: RollupKey,
  dryRun: boolean,
): Promise<RebuiltSku> {
  const key = { tenantId, sku };
  const { region, readModel, clock } = deps;
  let known = await readModel.get(key, 'strong');
  let differences: readonly RollupDifference[] = [];
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const truth = await truthOf(deps, key, known);
    differences = rollupDifferences(known, truth);
    if (differences.length === 0) return { ...key, region, outcome: 'right', differences };
    if (dryRun) return { ...key, region, outcome: 'wrong', differences };
    const next = { ...key, region, ...truth, asOfMs: clock.now(), version: (known?.version ?? 0) + 1 };
    const put = await readModel.put({ ...next, unsentEvents: await unsentEvents(deps, known, next) });
    if (put.outcome === 'stored') return { ...key, region, outcome: 'written', differences };
    known = put.there;
    await backOff(deps, attempt);
  }
  return { ...key, region, outcome: 'contended', differences };
}

/** What a rollup says that is not so. */
export async function compareRollup(
  deps: RebuildDependencies,
  key: RollupKey,
): Promise<readonly RollupDifference[]> {
  return (await rebuildSku(deps, key, true)).differences;
}

/** The skus that are asked for: one, or those of a walk over the replica, page by page. */
async function* wantedSkus(
  { store }: RebuildDependencies,
  { tenantId, sku }: RebuildOptions,
): AsyncGenerator<readonly RollupKey[]> {
  if (tenantId !== undefined && sku !== undefined) {
    yield [{ tenantId, sku }];
    return;
  }
  let after: string | undefined;
  do {
    const page = await store.walkProducts({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    yield page.items.filter((product) => tenantId === undefined || product.tenantId === tenantId);
    after = page.next;
  } while (after !== undefined);
}

/** Rebuilds rollups of a region, and reports each as it is done. */
export async function rebuildRollups(deps: RebuildDependencies, options: RebuildOptions): Promise<void> {
  for await (const keys of wantedSkus(deps, options)) {
    for (let start = 0; start < keys.length; start += SKUS_AT_ONCE) {
      const batch = keys.slice(start, start + SKUS_AT_ONCE);
      const rebuilt = await Promise.all(batch.map((key) => rebuildSku(deps, key, options.dryRun)));
      for (const one of rebuilt) options.report(one);
    }
  }
}
