/** Flags of the workload, which the commands of cost and capacity share. */
import type * as z from 'zod';
import { numberBetween } from '../command-line/parse-flags.ts';
import { ASSUMED, type Workload } from './workload.ts';

interface FlagSettings {
  readonly key: keyof Workload;
  readonly what: string;
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
}

/** More orders than the world's largest sale has in a day. */
const ORDERS_MAX = 1_000_000_000;
/** As of a reservation. */
const LINES_MAX = 50;
/** As of the context of the CDK app. */
const REGIONS_MAX = 10;
const MONTHS_MAX = 120;
const share = { min: 0, max: 1 } as const;

/** In the order in which help shows them. */
const FLAGS: Readonly<Record<string, FlagSettings>> = {
  'orders-per-day': {
    key: 'ordersPerDay',
    what: 'orders a day, in all regions together',
    min: 0,
    max: ORDERS_MAX,
  },
  lines: { key: 'lines', what: 'lines of an order', min: 1, max: LINES_MAX },
  'reads-per-order': {
    key: 'readsPerOrder',
    what: 'reads of stock for each order',
    min: 0,
    max: 100_000,
  },
  regions: { key: 'regions', what: 'regions', min: 1, max: REGIONS_MAX, whole: true },
  'holds-per-order': {
    key: 'holdsPerOrder',
    what: 'holds for each order that is confirmed',
    min: 1,
    max: 1_000,
  },
  'released-share': { key: 'releasedShare', what: 'of holds not confirmed, released', ...share },
  'receipts-per-line': { key: 'receiptsPerLine', what: 'receipts for each line sold', min: 0, max: 100 },
  'webhooks-per-order': { key: 'webhooksPerOrder', what: 'webhooks for each order', min: 0, max: 100 },
  'remembered-reads-share': {
    key: 'rememberedReadsShare',
    what: 'of reads, answered from memory',
    ...share,
  },
  'remembered-keys-share': {
    key: 'rememberedKeysShare',
    what: 'of requests, key remembered by the gateway',
    ...share,
  },
  'limited-share': { key: 'limitedShare', what: 'of requests, by tenants with limits', ...share },
  'takes-per-request': { key: 'takesPerRequest', what: "takes from such a tenant's bucket", min: 0, max: 2 },
  'log-kb-per-request': { key: 'logKbPerRequest', what: 'KB of log for each request', min: 0, max: 100 },
  months: { key: 'months', what: 'months since the beginning', min: 0, max: MONTHS_MAX },
  'traced-share': { key: 'tracedShare', what: 'of requests, traced', ...share },
};

const NAME_WIDTH = 28;

/** A line of help. */
export const flagHelp = (name: string, what: string, fallback?: number): string =>
  `  --${`${name} N`.padEnd(NAME_WIDTH)}${what}${fallback === undefined ? '' : ` (${fallback})`}`;

/** What help says of the flags. */
export const WORKLOAD_HELP: string = Object.entries(FLAGS)
  .map(([name, { key, what }]) => flagHelp(name, what, key === 'ordersPerDay' ? undefined : ASSUMED[key]))
  .join('\n');

type WorkloadShape = Record<string, z.ZodType<number | undefined>>;

/** For the schema of a command: a number of each flag that was given. */
export const workloadShape: WorkloadShape = Object.fromEntries(
  Object.entries(FLAGS).map(([name, settings]) => [name, numberBetween(settings).optional()]),
);

/** For `parseArgs`. */
export const WORKLOAD_FLAGS = Object.fromEntries(
  Object.keys(FLAGS).map((name) => [name, { type: 'string' as const }]),
);

/** The workload that was described; what was not said is assumed. */
export function workloadOf(given: Readonly<Record<string, unknown>>): Workload {
  const said = Object.entries(FLAGS).flatMap(([name, { key }]) =>
    typeof given[name] === 'number' ? [[key, given[name]] as const] : [],
  );
  return { ordersPerDay: 0, ...ASSUMED, ...Object.fromEntries(said) };
}

/** Every command needs one figure; all else can be assumed. */
export const NEEDED_FLAG = 'orders-per-day';
