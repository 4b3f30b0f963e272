import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags } from '../../command-line/parse-flags.ts';
import { apiFlag, keyFlag } from '../api-flags.ts';

export const SMOKE_USAGE = `Checks a deployed stage from outside, in less than a minute.

  npm run smoke -- --api URL --key KEY [options]

  --api URL    the API of any region, ending in /v1
  --key KEY    an operator's key: the tenant smoke is made or found, with a key that is revoked at the end;
               or a tenant's key with the scopes read, write and admin, which is used as it is
  --json       the report as one line of JSON on stdout
  --help

It leaves a product, a location, three movements and two ended reservations, and no stock.
The exit code is 1 if any check fails.
`;

const schema = z
  .strictObject({
    api: apiFlag.optional(),
    key: keyFlag.optional(),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .superRefine((flags, context) => {
    if (flags.help) return;
    for (const name of ['api', 'key'] as const) {
      if (flags[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: 'is needed' });
    }
  });

export type SmokeOptions = z.infer<typeof schema>;

const FLAGS = {
  api: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line of a smoke test.
 *
 * @throws UsageError that names the flag that is wrong.
 */
export function parseSmokeOptions(argv: readonly string[]): SmokeOptions {
  return parseFlags(schema, () => parseArgs({ args: [...argv], options: FLAGS }).values);
}
