import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseApiKey } from '../../application/api-key-format.ts';
import { parseFlags } from '../../command-line/parse-flags.ts';
import { apiFlag, keyFlag } from '../api-flags.ts';

export const LOG_USAGE = `Replays the analytics log into a fresh read model, and compares it with what the service says.

  npm run log -- replay --from DIR [options]

  --from DIR     a folder that has the log's files in it: changes/kind=movement/date=2026-11-24/…
  --to FILE      write the read model there, as JSON, instead of showing it
  --compare      compare with strong reads of the API; needs:
  --api URL      an API, ending in /v1
  --key KEY      an API key of the tenant to compare, with the scope read
  --json         the result as one line of JSON on stdout
  --help

The exit code is 1 if anything differs. Compare at rest: the log is a few minutes behind.
`;

const schema = z
  .strictObject({
    command: z.literal('replay', { error: 'must be replay' }).default('replay'),
    from: z.string().min(1).optional(),
    to: z.string().min(1, 'must name a file').optional(),
    compare: z.boolean().default(false),
    api: apiFlag.optional(),
    key: keyFlag.optional(),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .refine(({ from, help }) => help || from !== undefined, {
    error: 'is needed: the folder that has the log in it',
    path: ['from'],
  })
  .refine(({ compare, api, key }) => compare === (api !== undefined && key !== undefined), {
    error: 'belong together: give all three of --compare, --api and --key, or none of them',
    path: ['compare, --api and --key'],
  })
  .transform((options) => ({ ...options, tenantId: parseApiKey(options.key ?? '')?.tenantId }))
  .refine(({ key, tenantId }) => key === undefined || tenantId !== undefined, {
    error: 'is no API key of this service',
    path: ['key'],
  });

export type LogOptions = z.infer<typeof schema>;

const FLAGS = {
  from: { type: 'string' },
  to: { type: 'string' },
  compare: { type: 'boolean' },
  api: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line of the tool for the log.
 *
 * @throws UsageError that names what is wrong.
 */
export function parseLogOptions(argv: readonly string[]): LogOptions {
  return parseFlags(schema, () => {
    const { values, positionals } = parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
    const [command, ...rest] = positionals;
    if (rest.length > 0) throw new Error(`${rest.join(' ')} is one word too many.`);
    return { ...values, ...(command !== undefined && { command }) };
  });
}
