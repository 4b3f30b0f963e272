import { performance } from 'node:perf_hooks';
import type { Progress } from '../../command-line/progress.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts';
import { createRawDatabase } from '../../local/raw-rate.ts';
import { inventoryTable } from '../../local/service-tables.ts';
import { connectTo } from '../http/connect.ts';
import type { OperationFigures } from '../latencies.ts';
import { startOwnStack } from '../open-api.ts';
import { type Plan, planOrders, type Sale } from '../plan-orders.ts';
import { readInvoices } from '../read-invoices.ts';
import type { BenchOptions } from './bench-options.ts';
import type { BenchSide } from './bench-side.ts';
import { prepareRaw } from './raw-side.ts';
import { prepareService } from './service-side.ts';

/**
 * The two sides take turns this often, the first one first and last: whatever else the machine does meanwhile
 * falls on both.
 */
const SLICES = 12;

/** Compilers and connection pools are warm after that share more. */
const WARM_UP_SHARE = 0.25;

const MS_PER_SECOND = 1_000;

export interface SideFigures {
  readonly invoicesPerSecond: number;
  readonly operations: readonly OperationFigures[];
}

/** What came of a benchmark. `--json` prints it. */
export interface BenchReport {
  readonly file: string;
  /** Carts of up to 50 lines that were measured. */
  readonly invoices: number;
  readonly linesPerInvoice: number;
  readonly concurrency: number;
  readonly service: SideFigures;
  readonly raw: SideFigures;
  /** Service per raw: what of the database's speed the service gives to its callers. */
  readonly ratio: number;
  /** The ratio of each slice, the smallest first: how much the machine's noise matters. */
  readonly sliceRatios: readonly number[];
}

interface Slice {
  readonly serviceMs: number;
  readonly rawMs: number;
}

/** The sales of the file, repeated under other names until there are enough. */
function chooseCarts(sales: readonly Sale[], count: number): Sale[] {
  return Array.from({ length: count }, (_, index) => {
    const sale = sales[index % sales.length] as Sale;
    return { ...sale, id: `${sale.id}+${Math.floor(index / sales.length)}` };
  });
}

async function readCarts({ file, invoices }: BenchOptions): Promise<{ carts: Sale[]; plan: Plan }> {
  const warmUp = Math.ceil(invoices * WARM_UP_SHARE);
  const read = await readInvoices({ file, limit: invoices + warmUp });
  const sales = planOrders(read).orders.flatMap((order) => (order.kind === 'sale' ? [order] : []));
  if (sales.length === 0) throw new UsageError(`${file} has no sale that makes sense.`);
  const carts = chooseCarts(sales, invoices + warmUp);
  const sold = carts.map(({ id, lines }) => ({ id, lines, kind: 'sale' as const }));
  return { carts, plan: planOrders({ invoices: sold, names: read.names }) };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

async function measureSlice(
  { service, raw }: { readonly service: BenchSide; readonly raw: BenchSide },
  [from, to]: readonly [number, number],
  rawFirst: boolean,
): Promise<Slice> {
  const early = rawFirst ? await timed(() => raw.run(from, to)) : 0;
  const serviceMs = await timed(() => service.run(from, to));
  return { serviceMs, rawMs: rawFirst ? early : await timed(() => raw.run(from, to)) };
}

async function measure(
  sides: { readonly service: BenchSide; readonly raw: BenchSide },
  carts: readonly Sale[],
  { options, progress }: { readonly options: BenchOptions; readonly progress: Progress },
): Promise<BenchReport> {
  const first = carts.length - options.invoices;
  await measureSlice(sides, [0, first], false);
  for (const side of [sides.service, sides.raw]) side.takeLatencies();
  const slices: Slice[] = [];
  progress.start('Slices', SLICES);
  for (let slice = 0; slice < SLICES; slice += 1) {
    const bound = (at: number) => first + Math.round((options.invoices * at) / SLICES);
    slices.push(await measureSlice(sides, [bound(slice), bound(slice + 1)], slice % 2 === 1));
    progress.advance();
  }
  const total = (pick: (slice: Slice) => number) => slices.reduce((sum, slice) => sum + pick(slice), 0);
  const figures = (side: BenchSide, milliseconds: number): SideFigures => ({
    invoicesPerSecond: (options.invoices * MS_PER_SECOND) / milliseconds,
    operations: side.takeLatencies().figures(),
  });
  const measured = carts.slice(first);
  const [serviceMs, rawMs] = [total((slice) => slice.serviceMs), total((slice) => slice.rawMs)];
  return {
    file: options.file,
    invoices: options.invoices,
    linesPerInvoice: measured.reduce((sum, { lines }) => sum + lines.length, 0) / measured.length,
    concurrency: options.concurrency,
    service: figures(sides.service, serviceMs),
    raw: figures(sides.raw, rawMs),
    ratio: rawMs / serviceMs,
    sliceRatios: slices.map((slice) => slice.rawMs / slice.serviceMs).sort((a, b) => a - b),
  };
}

async function startSides(options: BenchOptions, progress: Progress, resources: AsyncDisposableStack) {
  const { carts, plan } = await readCarts(options);
  const { concurrency } = options;
  const { stack, address } = await startOwnStack();
  resources.defer(() => stack.stop());
  const { endpoint, stop } = await startDynamoDbLocal();
  resources.defer(stop);
  const [{ region = '' } = {}] = stack.regions;
  const table = inventoryTable(stack.tables);
  if (table === undefined) throw new Error('The stack has no table.');
  const database = createRawDatabase({ endpoint, region });
  resources.defer(() => database.close());
  const transport = connectTo(address, concurrency);
  resources.defer(() => transport.close());
  const service = await prepareService(plan, carts, { transport, concurrency, progress });
  const raw = await prepareRaw(carts, { database, endpoint, region, table, concurrency, progress });
  return { service, raw, carts };
}

/**
 * Starts an embedded stack, and another database process for the yardstick, measures both and ends both. Two
 * processes, because a second table in one would slow the first down (see `RawDatabase.createTable`).
 */
export async function runBench(options: BenchOptions, progress: Progress): Promise<BenchReport> {
  const resources = new AsyncDisposableStack();
  resources.defer(() => progress.end());
  try {
    const { carts, ...sides } = await startSides(options, progress, resources);
    return await measure(sides, carts, { options, progress });
  } finally {
    await resources.disposeAsync();
  }
}
