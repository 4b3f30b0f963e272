import { performance } from 'node:perf_hooks';
import type { Progress } from '../../command-line/progress.ts';
import type { RawDatabase, WireRequest } from '../../local/raw-rate.ts';
import type { TableDefinition } from '../../local/template/tables.ts';
import { Latencies } from '../latencies.ts';
import type { Sale } from '../plan-orders.ts';
import { forEachInOrder } from '../slots.ts';
import type { BenchSide } from './bench-side.ts';
import { type CartTransactions, recordTransactions } from './record-transactions.ts';
import { RequestRecorder } from './request-recorder.ts';

const RECORDING_TABLE = 'bench-recording';
const RAW_TABLE = 'bench-raw';
const OPERATIONS = ['hold', 'confirm', 'ship'] as const;

export interface RawSideOptions {
  readonly database: RawDatabase;
  readonly endpoint: string;
  readonly region: string;
  /** The service's table: this side's has the same keys, indexes and stream. */
  readonly table: TableDefinition;
  readonly concurrency: number;
  readonly progress: Progress;
}

async function record(carts: readonly Sale[], options: RawSideOptions): Promise<CartTransactions[]> {
  const { database, endpoint, region, table, progress } = options;
  await database.createTable(table, { name: RECORDING_TABLE, stream: false });
  const recorder = new RequestRecorder(endpoint);
  await recorder.open();
  progress.start('Recording', carts.length);
  const at = { recorder, region, tableName: RECORDING_TABLE };
  const recorded = await recordTransactions(carts, at, () => progress.advance());
  await recorder.close();
  await database.deleteTable(RECORDING_TABLE);
  return recorded;
}

/**
 * The plain SDK, with nothing to decide: it sends what the use cases wrote for the same carts, to a table like
 * the service's, alone in a database process like the service's, the same number of carts at once. Reads are
 * left out: they are the service's own cost.
 */
export async function prepareRaw(carts: readonly Sale[], options: RawSideOptions): Promise<BenchSide> {
  const { database, table, concurrency, progress } = options;
  const recorded = await record(carts, options);
  await database.createTable(table, { name: RAW_TABLE, stream: true });
  progress.start('Raw stock', recorded.length);
  await forEachInOrder(recorded, concurrency, async ({ setup }) => {
    for (const request of setup) await database.send(request, RAW_TABLE);
    progress.advance();
  });
  let latencies = new Latencies();
  const send = async (operation: string, requests: readonly WireRequest[]): Promise<void> => {
    const startedMs = performance.now();
    for (const request of requests) await database.send(request, RAW_TABLE);
    latencies.record(operation, { milliseconds: performance.now() - startedMs, retries: 0 });
  };
  return {
    run: (from, to) =>
      forEachInOrder(recorded.slice(from, to), concurrency, async (cart) => {
        for (const operation of OPERATIONS) await send(operation, cart[operation]);
      }),
    takeLatencies: () => {
      const taken = latencies;
      latencies = new Latencies();
      return taken;
    },
  };
}
