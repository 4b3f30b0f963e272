import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags, wholeNumber } from '../../command-line/parse-flags.ts';
import { CONCURRENCY_DEFAULT, CONCURRENCY_MAX, SAMPLE_FILE } from '../replay-options.ts';

/** Long enough that one slow second does not decide, short enough to run before a commit. */
const INVOICES_DEFAULT = 600;
/** Each cart of the yardstick has a tenant of four digits. */
const INVOICES_MAX = 100_000;

export const BENCH_USAGE = `Measures how many invoices per second the service takes (hold, confirm, ship through HTTP on the embedded
stack), and how many the plain SDK takes when it sends the same transactions to a database process of the same kind.

  npm run bench -- [options]

  --file FILE        invoice lines, .csv or .csv.gz (a small sample, repeated as often as needed)
  --invoices N       invoices to measure, after some that only warm up (${INVOICES_DEFAULT})
  --concurrency N    requests in flight, on both sides (${CONCURRENCY_DEFAULT})
  --json             the result as one line of JSON on stdout
  --help
`;

const schema = z.strictObject({
  file: z.string().min(1, 'must name a file').default(SAMPLE_FILE),
  invoices: wholeNumber(INVOICES_MAX).default(INVOICES_DEFAULT),
  concurrency: wholeNumber(CONCURRENCY_MAX).default(CONCURRENCY_DEFAULT),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

export type BenchOptions = z.infer<typeof schema>;

const FLAGS = {
  file: { type: 'string' },
  invoices: { type: 'string' },
  concurrency: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line of the benchmark.
 *
 * @throws UsageError that names the flag that is wrong.
 */
export function parseBenchOptions(argv: readonly string[]): BenchOptions {
  return parseFlags(schema, () => parseArgs({ args: [...argv], options: FLAGS }).values);
}
