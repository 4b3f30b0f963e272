import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Clock, Randomness } from '../application/ports.ts';
import type { Progress } from '../command-line/progress.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { auditSkus, type FailedAudit } from './audit-skus.ts';
import { Books } from './books.ts';
import type { InvoiceFile } from './collect-invoices.ts';
import { createFortune } from './fortune.ts';
import { createPatientClient, type PatientClient } from './http/patient-client.ts';
import { createShopApi } from './http/shop-api.ts';
import type { Transport } from './http/transport.ts';
import { Latencies } from './latencies.ts';
import { loadStock } from './load-stock.ts';
import { type Plan, planOrders } from './plan-orders.ts';
import { playOrders, type Stage } from './play-orders.ts';
import { readInvoices } from './read-invoices.ts';
import type { ReplayOptions } from './replay-options.ts';
import { type ReplayReport, reportOn } from './replay-report.ts';
import { SupplyRises } from './supply-rises.ts';

const PREFIX_DIGITS = 8;

/** The world around a replay. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: Pick<Randomness, 'fraction'>;
  readonly progress: Progress;
  /** Asked once the file is read, so that a mistake in the command line costs no start of a stack. */
  readonly openApi: (options: ReplayOptions) => Promise<Transport>;
  /** How long audits may show work that is not finished. @default see auditSkus */
  readonly unfinishedMaxMs?: number;
}

/** One replay under way. */
interface Replay {
  readonly options: ReplayOptions;
  readonly plan: Plan;
  readonly stage: Stage;
  readonly locations: readonly string[];
  readonly client: PatientClient;
  readonly latencies: Latencies;
  readonly progress: Progress;
}

/** Names that a replay with the same outcome uses again, and no other one. */
function prefixOf({ fingerprint }: Plan, options: ReplayOptions): string {
  const decisive = JSON.stringify([fingerprint, options.seed, options['stock-factor'], options.locations]);
  return `rp-${createHash('sha256').update(decisive).digest('hex').slice(0, PREFIX_DIGITS)}-`;
}

function prepare(
  options: ReplayOptions,
  world: Surroundings,
  at: { readonly transport: Transport; readonly plan: Plan; readonly prefix: string },
): Replay {
  const { concurrency, seed } = options;
  const { clock, random, progress } = world;
  const { transport, plan, prefix } = at;
  const latencies = new Latencies();
  const onSent = latencies.record.bind(latencies);
  const client = createPatientClient({ transport, clock, random, concurrency, onSent });
  const fortune = createFortune(seed, prefix);
  const locations = Array.from({ length: options.locations }, (_, index) => `warehouse-${index + 1}`);
  const stage: Stage = {
    api: createShopApi(client, prefix),
    books: new Books(),
    fortune,
    rises: new SupplyRises(),
    clock,
    locationOf: (sku) => locations[fortune.placeOf(sku, locations.length)] ?? '',
  };
  return { options, plan, stage, locations, client, latencies, progress };
}

async function timed<Output>(work: () => Promise<Output>) {
  const startedMs = performance.now();
  const output = await work();
  return { output, milliseconds: performance.now() - startedMs };
}

function load({ options, plan, stage, locations, progress }: Replay): Promise<void> {
  const { concurrency } = options;
  const { locationOf } = stage;
  const stockFactor = options['stock-factor'];
  return loadStock(stage, plan, { concurrency, stockFactor, locations, locationOf, progress });
}

function play({ options, plan, stage, client, progress }: Replay) {
  progress.start('Orders', plan.orders.length);
  return playOrders(stage, plan.orders, {
    concurrency: options.concurrency,
    onEnd: () => progress.advance(),
    onFailure: (error) => client.abort(error),
  });
}

function audit({ options, plan, stage, progress }: Replay, unfinishedMaxMs?: number): Promise<FailedAudit[]> {
  progress.start('Audits', plan.products.length);
  const skus = plan.products.map(({ sku }) => sku);
  const { concurrency } = options;
  return auditSkus(stage, skus, { concurrency, onAudited: () => progress.advance(), unfinishedMaxMs });
}

async function readPlan({ file, limit }: ReplayOptions): Promise<{ invoiceFile: InvoiceFile; plan: Plan }> {
  const invoiceFile = await readInvoices({ file, limit });
  const plan = planOrders(invoiceFile);
  if (plan.orders.length === 0) throw new UsageError(`${file} has no invoice that makes sense.`);
  return { invoiceFile, plan };
}

/**
 * Replays a file of invoices against the API and audits every product afterwards.
 *
 * With the same file, options and seed the outcome is the same in every run, whatever the concurrency and
 * whatever breaks on the way. Only against an API that has seen the same replay before may a hold that was
 * refused then succeed: a refusal is not remembered, and stock may have come back since.
 *
 * @throws UsageError, UnexpectedAnswerError, OutOfPatienceError.
 */
export async function runReplay(options: ReplayOptions, world: Surroundings): Promise<ReplayReport> {
  const { invoiceFile, plan } = await readPlan(options);
  const prefix = options.prefix ?? prefixOf(plan, options);
  const transport = await world.openApi(options);
  try {
    const replay = prepare(options, world, { transport, plan, prefix });
    const { latencies, stage } = replay;
    const { milliseconds: loadMs } = await timed(() => load(replay));
    const loadRequests = latencies.requests;
    const { milliseconds: playMs, output: outcomes } = await timed(() => play(replay));
    const playRequests = latencies.requests - loadRequests;
    const failedAudits = await audit(replay, world.unfinishedMaxMs);
    const { file, seed } = options;
    const what = { file, seed, prefix, invoiceFile, plan };
    const found = { outcomes, books: stage.books, latencies, playRequests, loadMs, playMs, failedAudits };
    return reportOn({ ...what, ...found });
  } finally {
    world.progress.end();
    await transport.close();
  }
}
