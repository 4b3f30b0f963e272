import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags, wholeNumber } from '../../command-line/parse-flags.ts';
import { apiFlag, keyFlag } from '../../operate/api-flags.ts';
import { CONCURRENCY_DEFAULT, CONCURRENCY_MAX } from '../../replay/replay-options.ts';
import { fileFlag, fromFlag } from '../file-flags.ts';

export const SHADOW_USAGE = `Plays the decisions of another system against a tenant, and reports where Holdfast decides otherwise.

  npm run shadow -- --from csv|jsonl --file FILE --api URL --key KEY [options]

  --from FORMAT           csv or jsonl
  --file FILE             the log of decisions, gzipped if its name ends in .gz; - for stdin, as long as it goes on
  --api URL               the API, ending in /v1
  --key KEY               an API key of a tenant for this alone, with the scopes read and write
  --run NAME              keeps this comparison apart from others against the same tenant (shadow)
  --concurrency N         requests in flight (${CONCURRENCY_DEFAULT})
  --report FILE           every difference, as lines of JSON (otherwise on stderr)
  --fail-on-difference    exit with 1 if anything differs
  --json                  the report as one line of JSON on stdout
  --help

Ctrl-C ends the reading and prints the report. docs/migrate.md has the fields.
The exit code is 1 if a line could not be read.
`;

const NEEDED = ['from', 'file', 'api', 'key'] as const;

const schema = z
  .strictObject({
    from: fromFlag.optional(),
    file: fileFlag.optional(),
    api: apiFlag.optional(),
    key: keyFlag.optional(),
    run: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be up to 64 letters, digits and . _ -')
      .default('shadow'),
    concurrency: wholeNumber(CONCURRENCY_MAX).default(CONCURRENCY_DEFAULT),
    report: fileFlag.optional(),
    'fail-on-difference': z.boolean().default(false),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .superRefine((flags, context) => {
    if (flags.help) return;
    for (const name of NEEDED) {
      if (flags[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: 'is needed' });
    }
  });

export type ShadowOptions = z.infer<typeof schema>;

const FLAGS = {
  from: { type: 'string' },
  file: { type: 'string' },
  api: { type: 'string' },
  key: { type: 'string' },
  run: { type: 'string' },
  concurrency: { type: 'string' },
  report: { type: 'string' },
  'fail-on-difference': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line of a comparison.
 *
 * @throws UsageError that names the flag that is wrong.
 */
export function parseShadowOptions(argv: readonly string[]): ShadowOptions {
  return parseFlags(schema, () => parseArgs({ args: [...argv], options: FLAGS }).values);
}
