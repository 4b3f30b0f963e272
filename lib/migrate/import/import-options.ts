import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags, wholeNumber } from '../../command-line/parse-flags.ts';
import { apiFlag, keyFlag } from '../../operate/api-flags.ts';
import { CONCURRENCY_DEFAULT, CONCURRENCY_MAX } from '../../replay/replay-options.ts';
import { fileFlag, fromFlag } from '../file-flags.ts';
import { KINDS } from './import-row.ts';

export const IMPORT_USAGE = `Imports products, locations, opening balances and open reservations of another system.

  npm run import -- --from csv|jsonl --file FILE --api URL --key KEY [options]

  --from FORMAT      csv or jsonl
  --file FILE        the file, gzipped if its name ends in .gz; - for stdin
  --api URL          the API, ending in /v1
  --key KEY          an API key with the scopes read and write; admin for locations
  --kind KIND        ${KINDS.join(', ')} (otherwise each row has a field kind)
  --dry-run          judge every row and send nothing; needs neither --api nor --key
  --concurrency N    rows at once (${CONCURRENCY_DEFAULT})
  --report FILE      every row that did not simply arrive, as lines of JSON (otherwise on stderr)
  --json             the summary as one line of JSON on stdout
  --help

The same file again changes nothing: an import that was interrupted is started again. docs/migrate.md has the fields.
The exit code is 1 if any row failed, or differs from what is there.
`;

const schema = z
  .strictObject({
    from: fromFlag.optional(),
    file: fileFlag.optional(),
    api: apiFlag.optional(),
    key: keyFlag.optional(),
    kind: z.enum(KINDS, { error: `must be one of ${KINDS.join(', ')}` }).optional(),
    'dry-run': z.boolean().default(false),
    concurrency: wholeNumber(CONCURRENCY_MAX).default(CONCURRENCY_DEFAULT),
    report: fileFlag.optional(),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .superRefine((flags, context) => {
    if (flags.help) return;
    const needed = flags['dry-run'] ? (['from', 'file'] as const) : (['from', 'file', 'api', 'key'] as const);
    for (const name of needed) {
      if (flags[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: 'is needed' });
    }
  });

export type ImportOptions = z.infer<typeof schema>;

const FLAGS = {
  from: { type: 'string' },
  file: { type: 'string' },
  api: { type: 'string' },
  key: { type: 'string' },
  kind: { type: 'string' },
  'dry-run': { type: 'boolean' },
  concurrency: { type: 'string' },
  report: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line of an import.
 *
 * @throws UsageError that names the flag that is wrong.
 */
export function parseImportOptions(argv: readonly string[]): ImportOptions {
  return parseFlags(schema, () => parseArgs({ args: [...argv], options: FLAGS }).values);
}
