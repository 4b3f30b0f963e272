import { parseArgs } from 'node:util';
import * as z from 'zod';
import { numberBetween, parseFlags } from '../../command-line/parse-flags.ts';
import {
  flagHelp,
  NEEDED_FLAG,
  WORKLOAD_FLAGS,
  WORKLOAD_HELP,
  workloadOf,
  workloadShape,
} from '../workload-flags.ts';
import type { Demand } from './load.ts';

/** Requirement S4. */
const PEAK_FACTOR_DEFAULT = 3;
const PEAK_FACTOR_MAX = 1_000;
const TENANT_SHARE_DEFAULT = 0.1;
const SKU_SHARE_DEFAULT = 0.001;

/** How unevenly a load comes that nobody has described. */
export const EVEN_ENOUGH = {
  peakFactor: PEAK_FACTOR_DEFAULT,
  tenantShare: TENANT_SHARE_DEFAULT,
  skuShare: SKU_SHARE_DEFAULT,
} as const;

export const CAPACITY_USAGE = `What a load asks of everything that takes so much a second and no more, and what ends first.

  npm run capacity -- --orders-per-day N [options]

${flagHelp('peak-factor', 'the busiest hour of a usual day, beside the average', PEAK_FACTOR_DEFAULT)}
${flagHelp('tenant-share', 'of requests, those of the busiest tenant', TENANT_SHARE_DEFAULT)}
${flagHelp('sku-share', 'of lines, those of the busiest sku', SKU_SHARE_DEFAULT)}
${WORKLOAD_HELP}
  --page                        the tables of docs/capacity.md
  --json                        the result as one line of JSON on stdout
  --help

The regions are taken to share the load evenly.
`;

const share = numberBetween({ min: 0, max: 1 });

const schema = z
  .strictObject({
    ...workloadShape,
    'peak-factor': numberBetween({ min: 1, max: PEAK_FACTOR_MAX }).default(PEAK_FACTOR_DEFAULT),
    'tenant-share': share.default(TENANT_SHARE_DEFAULT),
    'sku-share': share.default(SKU_SHARE_DEFAULT),
    page: z.boolean().default(false),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .refine((given) => given.help || given.page || NEEDED_FLAG in given, {
    error: 'is needed, like 1000',
    path: [NEEDED_FLAG],
  });

export interface CapacityOptions {
  readonly demand: Demand;
  readonly page: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

const FLAGS = {
  ...WORKLOAD_FLAGS,
  'peak-factor': { type: 'string' },
  'tenant-share': { type: 'string' },
  'sku-share': { type: 'string' },
  page: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line.
 *
 * @throws UsageError that names the flag that is wrong.
 */
export function parseCapacityOptions(argv: readonly string[]): CapacityOptions {
  const {
    page,
    json,
    help,
    'peak-factor': peakFactor,
    'tenant-share': tenantShare,
    'sku-share': skuShare,
    ...given
  } = parseFlags(schema, () => parseArgs({ args: [...argv], options: FLAGS }).values);
  return { demand: { workload: workloadOf(given), peakFactor, tenantShare, skuShare }, page, json, help };
}
