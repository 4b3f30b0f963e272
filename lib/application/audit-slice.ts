/**
 * The standing audit of a region: run after run it looks at every stock that is at home there. A run looks at a slice
 * and writes down where it has got to, so that a walk goes through whatever its size, and whatever dies on the way.
 */
import type { AuditWalk } from '../domain/audit-walk.ts';
import type { DomainEvent } from '../domain/event.ts';
import { ABSENT, type Condition } from '../domain/guarded-write.ts';
import { identified } from './event-draft.ts';
import { type AuditedProduct, type CheckRollup, findDrift, type Judgement } from './find-drift.ts';
import { keepUnsent } from './keep-unsent.ts';
import { type Dependencies, StoreUnavailableError } from './ports.ts';

/** Items looked at for one page: few enough that a page of stocks is audited within a run. */
const PAGE = 250;

/** Pages of a run that has nothing else to do: most of a table is no stock, and reading costs all the same. */
const PAGES_MAX = 2_000;

/** Products of a run: with the pauses of those that are looked at again, about what five minutes have room for. */
const SKUS_MAX = 5_000;

/** Products audited side by side: each reads in every region, and the shoppers' reads come first. */
const AT_ONCE = 8;

export interface SliceOptions {
  /** No product is begun after this. One that drifts takes a quarter of a minute more. */
  readonly deadlineMs: number;
  /** @default SKUS_MAX */
  readonly skusMax?: number;
  /** Compares the read model as well. @default the records alone are checked */
  readonly checkRollup?: CheckRollup;
  /** Is told of each drift, and of each product that could not be judged. */
  readonly report: (judgement: Judgement) => void;
}

export interface Slice {
  /** Products that were judged. */
  readonly checked: number;
  readonly drifts: number;
  /** Products that could not be judged; the next walk looks again. */
  readonly skipped: number;
  /** `end`: the whole region has been looked at. `overtaken`: another run is at it. */
  readonly stopped: 'end' | 'bound' | 'overtaken';
}

/** The position of this run, and what it may do yet. */
interface Run {
  readonly deps: Dependencies;
  readonly options: SliceOptions;
  walk: AuditWalk;
  counts: { checked: number; drifts: number; skipped: number };
}

/** What an operator is told. The subject is apart from those of the sku's other events: its sequence is a time. */
function driftEvent(
  { digest, region, clock }: Dependencies,
  { tenantId, sku, discrepancies }: Judgement & { readonly found: 'drift' },
): DomainEvent {
  const occurredAtMs = clock.now();
  const subject = `${sku}/~audit/${region}`;
  const violations = discrepancies.map(({ sentence }) => sentence);
  return identified(digest, {
    type: 'stock.drift',
    tenantId,
    region,
    occurredAtMs,
    subject,
    sequence: occurredAtMs,
    data: { sku, violations, discrepancies },
  });
}

const unchanged = ({ version }: AuditWalk): Condition =>
  version === 0 ? ABSENT : { is: 'equal', field: 'version', value: version };

/** Writes down where the walk is. @returns `false` when another run has done so meanwhile. */
async function moveOn(run: Run, to: Omit<AuditWalk, 'region' | 'version'>): Promise<boolean> {
  const { deps, walk } = run;
  const { region } = deps;
  const record: AuditWalk = { ...to, region, version: walk.version + 1 };
  const conditions = [unchanged(walk)];
  const { outcome } = await deps.store.commit([
    { entity: 'auditWalk', key: { region }, conditions, effect: { does: 'put', record } },
  ]);
  if (outcome === 'committed') run.walk = record;
  return outcome === 'committed';
}

async function judge({ deps, options, counts }: Run, product: AuditedProduct): Promise<void> {
  const judgement = await findDrift(deps, product, options.checkRollup);
  if (judgement.found === 'skipped') counts.skipped += 1;
  else counts.checked += 1;
  if (judgement.found === 'drift') {
    counts.drifts += 1;
    // Handed to the sweep, which sends it until it was taken: this run may die at any moment.
    const lost = await keepUnsent(deps, 'events', [driftEvent(deps, judgement)]);
    // The run ends without having moved on, so the next one finds the drift again.
    if (lost.size > 0) throw new StoreUnavailableError('A drift could not be written down');
  }
  if (judgement.found !== 'nothing') options.report(judgement);
}

/** How many products this run may begin yet. */
function roomOf({ deps, options, counts }: Run): number {
  if (deps.clock.now() >= options.deadlineMs) return 0;
  return (options.skusMax ?? SKUS_MAX) - counts.checked - counts.skipped;
}

/** Audits what is left of a page. @returns how many of its products have been looked at, all runs together. */
async function auditPage(run: Run, products: readonly AuditedProduct[]): Promise<number> {
  let done = run.walk.done ?? 0;
  while (done < products.length) {
    const some = products.slice(done, done + Math.min(AT_ONCE, roomOf(run)));
    if (some.length === 0) break;
    await Promise.all(some.map((product) => judge(run, product)));
    done += some.length;
  }
  return Math.min(done, products.length);
}

/** The products of some stocks, each once. */
function productsOf(stocks: readonly AuditedProduct[]): AuditedProduct[] {
  const products = new Map(
    stocks.map(({ tenantId, sku }) => [JSON.stringify([tenantId, sku]), { tenantId, sku }]),
  );
  return [...products.values()];
}

/** Does one page. @returns why the run ends, if it does. */
async function step(run: Run): Promise<Slice['stopped'] | undefined> {
  const { deps, walk } = run;
  const { startedAtMs, finishedAtMs, after } = walk;
  const known = { startedAtMs, ...(finishedAtMs === undefined ? {} : { finishedAtMs }) };
  const here = { ...known, ...(after === undefined ? {} : { after }) };
  const page = await deps.store.ownStocks({ limit: PAGE, ...(after === undefined ? {} : { after }) });
  const products = productsOf(page.items);
  const done = await auditPage(run, products);
  const nowMs = deps.clock.now();
  if (done < products.length) return (await moveOn(run, { ...here, done })) ? 'bound' : 'overtaken';
  const next = page.next === undefined ? { startedAtMs: nowMs, finishedAtMs: nowMs } : known;
  const moved = await moveOn(run, { ...next, ...(page.next === undefined ? {} : { after: page.next }) });
  if (!moved) return 'overtaken';
  return page.next === undefined ? 'end' : undefined;
}

/**
 * Audits the next slice of the stocks that are at home in the region this runs in.
 *
 * @throws StoreUnavailableError when the region's own database cannot be reached; the next run begins where this one did.
 */
export async function auditSlice(deps: Dependencies, options: SliceOptions): Promise<Slice> {
  const { region, store, clock } = deps;
  const known = await store.get('auditWalk', { region }, 'strong');
  const walk = known ?? { region, startedAtMs: clock.now(), version: 0 };
  const run: Run = { deps, options, walk, counts: { checked: 0, drifts: 0, skipped: 0 } };
  for (let page = 0; page < PAGES_MAX && roomOf(run) > 0; page += 1) {
    const stopped = await step(run);
    if (stopped !== undefined) return { ...run.counts, stopped };
  }
  return { ...run.counts, stopped: 'bound' };
}
