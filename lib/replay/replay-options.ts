import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags, wholeNumber } from '../command-line/parse-flags.ts';

/** Invented orders with every kind of dirt, so that a replay needs no file from elsewhere. */
export const SAMPLE_FILE = fileURLToPath(new URL('sample-orders.csv', import.meta.url));

/** Requests in flight; the embedded stack is busy with fewer, a region of AWS is not. */
export const CONCURRENCY_DEFAULT = 16;
/** Beyond this one client process is the bottleneck. */
export const CONCURRENCY_MAX = 512;
/** A thousand times what is sold is more than any question about scarcity needs. */
const STOCK_FACTOR_MAX = 1_000;
/** Locations of the replay; a product lies in one of them. */
const LOCATIONS_MAX = 10;

export const REPLAY_USAGE = `Replays a file of invoices as holds, confirmations, shipments and returns, then audits every product.

  npm run replay -- [options]

  --file FILE        invoice lines, .csv or .csv.gz (a small sample)
  --limit N          only the first N invoices and cancellations
  --concurrency N    requests in flight (${CONCURRENCY_DEFAULT})
  --stock-factor F   stock to receive, as a share of what the file sells (1); below 1 holds are refused
  --seed N           decides keys, lifetimes, and which holds are released (1)
  --locations N      locations that the products lie in (1)
  --api URL          an API that is running, ending in /v1 (otherwise the embedded stack is started)
  --key KEY          an API key with the scopes read, write and admin, for --api
  --prefix TEXT      of all names in the API (made of the file, the limit, the factor and the seed)
  --json             the report as one line of JSON on stdout
  --help

The same options against the same API repeat the same requests: what was done is not done again.
`;

const schema = z
  .strictObject({
    file: z.string().min(1, 'must name a file').default(SAMPLE_FILE),
    limit: wholeNumber(Number.MAX_SAFE_INTEGER).optional(),
    concurrency: wholeNumber(CONCURRENCY_MAX).default(CONCURRENCY_DEFAULT),
    'stock-factor': z
      .string()
      .regex(/^[0-9]+(\.[0-9]+)?$/, 'must be a number, like 0.8')
      .transform(Number)
      .pipe(z.number().max(STOCK_FACTOR_MAX, `must be at most ${STOCK_FACTOR_MAX}`))
      .default(1),
    seed: z
      .string()
      .regex(/^[0-9]{1,15}$/, 'must be a whole number')
      .transform(Number)
      .default(1),
    locations: wholeNumber(LOCATIONS_MAX).default(1),
    api: z
      .url({ protocol: /^https?$/, error: 'must be a URL, like http://127.0.0.1:4001/v1' })
      .transform((url) => url.replace(/\/$/, ''))
      .refine((url) => url.endsWith('/v1'), 'must end in /v1')
      .optional(),
    key: z.string().min(1, 'must be an API key').optional(),
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,19}$/, 'must be up to 20 letters, digits and . _ : -')
      .optional(),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .refine(({ api, key }) => (api === undefined) === (key === undefined), {
    error: 'belong together: give both --api and --key, or none of them',
    path: ['api and --key'],
  });

export type ReplayOptions = z.infer<typeof schema>;

const FLAGS = {
  file: { type: 'string' },
  limit: { type: 'string' },
  concurrency: { type: 'string' },
  'stock-factor': { type: 'string' },
  seed: { type: 'string' },
  locations: { type: 'string' },
  api: { type: 'string' },
  key: { type: 'string' },
  prefix: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line of a replay.
 *
 * @throws UsageError that names the flag that is wrong.
 */
export function parseReplayOptions(argv: readonly string[]): ReplayOptions {
  return parseFlags(schema, () => parseArgs({ args: [...argv], options: FLAGS }).values);
}
