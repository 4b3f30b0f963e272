import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags } from '../command-line/parse-flags.ts';
import type { Workload } from './workload.ts';
import { NEEDED_FLAG, WORKLOAD_FLAGS, WORKLOAD_HELP, workloadOf, workloadShape } from './workload-flags.ts';

export const COST_USAGE = `What a month of a production stage costs, item by item, and what would make it cheaper.

  npm run cost -- --orders-per-day N [options]

${WORKLOAD_HELP}
  --page                        the tables of docs/cost.md
  --json                        the bill as one line of JSON on stdout
  --help

Prices are of us-east-1, in lib/cost/prices; docs/cost.md says what the model does not know.
`;

const schema = z
  .strictObject({
    ...workloadShape,
    page: z.boolean().default(false),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .refine((given) => given.help || given.page || NEEDED_FLAG in given, {
    error: 'is needed, like 1000',
    path: [NEEDED_FLAG],
  });

export interface CostOptions {
  readonly workload: Workload;
  readonly page: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

const FLAGS = {
  ...WORKLOAD_FLAGS,
  page: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line.
 *
 * @throws UsageError that names the flag that is wrong.
 */
export function parseCostOptions(argv: readonly string[]): CostOptions {
  const { page, json, help, ...given } = parseFlags(
    schema,
    () => parseArgs({ args: [...argv], options: FLAGS }).values,
  );
  return { workload: workloadOf(given), page, json, help };
}
